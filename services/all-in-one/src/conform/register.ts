// What a department's register is tried for: its answers, what it must not answer, and its manners under load and cut calls.
import type { EvidenceType } from "@onething/contracts/catalog/v1/catalog";
import {
  AskRequest,
  type AskResponse,
  type RegisterServiceDefinition,
} from "@onething/contracts/register/v1/register";
import { OnethingError, type Text } from "@onething/kernel/errors";
import { fieldProblems } from "@onething/kernel/fields";
import { citizenNumber } from "@onething/kernel/identity";
import { newId } from "@onething/kernel/ids";
import type { Client } from "@onething/service/client";
import { judgeAnswer } from "@onething/verification/answer";
import type { Line } from "./report.ts";

export interface About {
  type: EvidenceType;
  /** Whom the register knows. */
  person: string;
  /** For evidence between two people. */
  to: string;
  /** How long the platform waits for an answer. */
  withinMs: number;
}

/** A late answer fails the line about time and no other. */
const patienceMs = 10_000;
const atOnce = 40;
const cutCalls = 5;
/** Division 430999 is assigned to nobody, and this order number is given to nobody. */
const unknown = citizenNumber("43099919000101997");
const badNumbers = [
  "1",
  `${unknown.slice(0, 17)}${unknown.endsWith("0") ? "1" : "0"}`,
  "' or 1=1 --",
  "9".repeat(500),
  "",
];

export function linesOfRegister(client: Client<typeof RegisterServiceDefinition>, about: About): Line[] {
  const { type, person, to, withinMs } = about;
  const names = type.fields.map(({ name }) => name);
  const question = (of: Partial<AskRequest> = {}): AskRequest =>
    AskRequest.fromPartial({
      ...{ evidence: type.code, identityNumber: person, toIdentityNumber: to, fields: names },
      ...{ purpose: "conformance", caseId: "conform", requestId: newId(), ...of },
    });
  const put = (asked: AskRequest) => client.ask(asked, { deadline: patienceMs });
  const ask = (of?: Partial<AskRequest>) => put(question(of));
  /** Nothing is known of it: an answer that says so, or a refusal of the question. */
  const turnedDown = async (of: Partial<AskRequest>): Promise<Text | undefined> => {
    try {
      return nothingOf(await ask(of));
    } catch (error) {
      if (error instanceof OnethingError && (error.code === "invalid" || error.code === "not_found"))
        return undefined;
      throw error;
    }
  };
  return [
    {
      says: { zh: "能连上并有答复", en: "it is reached and answers" },
      needed: true,
      look: async () => void (await ask()),
    },
    {
      says: { zh: `在 ${withinMs} 毫秒内答复`, en: `answers within ${withinMs} ms` },
      look: () => inTime(ask, withinMs),
    },
    {
      says: { zh: "认得登记过的人", en: "a known person is found" },
      look: async () =>
        (await ask()).found ? undefined : { zh: "答复说没有记录", en: "it says that there is no record" },
    },
    {
      says: { zh: "答复的是所问的人", en: "answers about the person asked about" },
      look: async () =>
        first([person, unknown], async (identityNumber) => samePerson(question({ identityNumber }), put)),
    },
    {
      says: { zh: "字段齐全，类型与目录一致", en: "fields are complete and fit the catalogue" },
      look: () => fitting(question(), put, type),
    },
    {
      says: { zh: "没有要的字段不回", en: "fields not asked for do not come" },
      look: async () =>
        first([names.slice(0, 1), []], async (fields) => strangers(fields, await ask({ fields }))),
    },
    {
      says: {
        zh: "不认得的人：答复 found = false，不带字段",
        en: "an unknown person: found = false, without fields",
      },
      look: async () => nothingOf(await ask({ identityNumber: unknown, toIdentityNumber: to && person })),
    },
    {
      says: { zh: "无效的号码被拒绝，或答没有记录", en: "numbers that are none are refused, or not found" },
      look: () => first(badNumbers, (identityNumber) => turnedDown({ identityNumber })),
    },
    {
      says: {
        zh: "不保存的证明被拒绝，或答没有记录",
        en: "evidence that it does not keep is refused, or not found",
      },
      look: () => turnedDown({ evidence: "no-such-evidence-here" }),
    },
    {
      says: {
        zh: `同时问 ${atOnce} 次，各答各的`,
        en: `of ${atOnce} questions at once each gets its own answer`,
      },
      look: () => manyAtOnce(question, put, person),
    },
    {
      says: { zh: "同样的问题问两次，答复相同", en: "the same question twice has the same answer" },
      look: () => sameTwice(question(), put),
    },
    {
      says: {
        zh: "时限太短的调用之后照常答复",
        en: "after calls whose deadline was too short it answers as before",
      },
      look: async () => {
        await Promise.allSettled(
          Array.from({ length: cutCalls }, () => client.ask(question(), { deadline: 1 })),
        );
        await ask();
        return undefined;
      },
    },
    {
      says: { zh: "调用被取消之后照常答复", en: "after calls that were cancelled it answers as before" },
      look: async () => {
        await Promise.allSettled(Array.from({ length: cutCalls }, () => cancelled(client, question())));
        await ask();
        return undefined;
      },
    },
  ];
}

type Put = (asked: AskRequest) => Promise<AskResponse>;

/** The first that is wrong, one after the other. */
async function first<T>(
  all: readonly T[],
  look: (one: T) => Promise<Text | undefined>,
): Promise<Text | undefined> {
  for (const one of all) {
    const wrong = await look(one);
    if (wrong) return wrong;
  }
  return undefined;
}

function nothingOf({ found, fields }: AskResponse): Text | undefined {
  if (found) return { zh: "答复说有记录", en: "it says that there is a record" };
  const names = Object.keys(fields).map(printable).join(", ");
  return names ? { zh: `带来了字段 ${names}`, en: `fields came: ${names}` } : undefined;
}

async function inTime(ask: () => Promise<AskResponse>, withinMs: number): Promise<Text | undefined> {
  for (let round = 0; round < 5; round++) {
    const began = performance.now();
    await ask();
    const ms = Math.round(performance.now() - began);
    if (ms > withinMs) return { zh: `用了 ${ms} 毫秒`, en: `it took ${ms} ms` };
  }
  return undefined;
}

async function samePerson(asked: AskRequest, put: Put): Promise<Text | undefined> {
  const { kind, ...more } = judgeAnswer(noFields, { ...asked, fields: [] }, bare(await put(asked)), "");
  return kind === "refused" && "why" in more && more.why === "wrong_person"
    ? { zh: "答复里的号码不是所问的号码", en: "the numbers in the answer are not those asked about" }
    : undefined;
}

const noFields = { fields: [] } as unknown as EvidenceType;
const bare = (answer: AskResponse): AskResponse => ({ ...answer, requestId: "", fields: {} });

/** By the very judgement of the platform, whoever the answer says it is about. */
async function fitting(asked: AskRequest, put: Put, type: EvidenceType): Promise<Text | undefined> {
  const answer = await put(asked);
  const { identityNumber, toIdentityNumber } = asked;
  const judged = judgeAnswer(
    type,
    asked,
    { ...answer, identityNumber, toIdentityNumber },
    new Date().toISOString(),
  );
  if (judged.kind !== "refused") return undefined;
  const fields = fieldProblems(type.fields, answer.fields, "fields").map(({ field }) => printable(field));
  const where = [
    ...(answer.requestId !== "" && answer.requestId !== asked.requestId ? ["request_id"] : []),
    ...(fields.length > 0 ? fields : ["reference"]),
  ].join(", ");
  return { zh: `平台会整个拒绝这个答复：${where}`, en: `the platform refuses this answer whole: ${where}` };
}

function strangers(asked: readonly string[], { fields }: AskResponse): Text | undefined {
  const more = Object.keys(fields).filter((name) => !asked.includes(name));
  const names = more.map(printable).join(", ");
  return more.length > 0 ? { zh: `多了 ${names}`, en: `not asked for: ${names}` } : undefined;
}

async function manyAtOnce(
  question: (of?: Partial<AskRequest>) => AskRequest,
  put: Put,
  person: string,
): Promise<Text | undefined> {
  const questions = Array.from({ length: atOnce }, (_, at) =>
    question({ identityNumber: at % 2 === 0 ? person : unknown }),
  );
  const answers = await Promise.all(questions.map(put));
  const wrong = answers.filter((answer, at) => {
    const { requestId, identityNumber } = questions[at]!;
    const own = answer.requestId === "" || answer.requestId === requestId;
    const about = answer.identityNumber === identityNumber || (!answer.found && answer.identityNumber === "");
    return !own || !about || answer.found !== (identityNumber === person);
  }).length;
  return wrong > 0
    ? { zh: `${wrong} 个答复不是对它的问题的`, en: `${wrong} answers are not to their questions` }
    : undefined;
}

async function sameTwice(asked: AskRequest, put: Put): Promise<Text | undefined> {
  const [one, two] = [await put(asked), await put(asked)].map(({ found, fields, reference }) =>
    JSON.stringify([found, Object.entries(fields).sort(), reference]),
  );
  return one === two ? undefined : { zh: "第二次的答复不同", en: "the second answer is another one" };
}

async function cancelled(client: Client<typeof RegisterServiceDefinition>, asked: AskRequest): Promise<void> {
  const caller = new AbortController();
  const asking = client.ask(asked, { signal: caller.signal, deadline: patienceMs });
  setTimeout(() => caller.abort(), 2);
  await asking;
}

/** Names of fields may be anything that a register sends: what would disturb a terminal is left out. */
const printable = (name: string): string => name.replace(/[^\p{L}\p{N}\p{P} ]/gu, "?").slice(0, 60);
