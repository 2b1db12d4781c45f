// Gathers what the ladder needs: one Match for all people and types, the numbers of those that registers are asked about,
// then all registers at once. Remote calls only; nothing is kept here.
import type { Licence, LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import { civilDate } from "@onething/kernel/civil-date";
import { isCitizenNumber } from "@onething/kernel/identity";
import type { Client } from "@onething/service/client";
import { type Answer, type Ask, askKey, evidenceType, type Facts, type Inquiry } from "./domain/facts.ts";
import { matchQueries, numbersNeeded, personFields, registerAsks } from "./domain/look-ups.ts";
import type { Registers } from "./registers.ts";

export type LicencePeer = Client<typeof LicenceServiceDefinition>;

export interface LookUp extends Inquiry {
  caseId: string;
  purpose: string;
  /** Who asks; goes into the access logs of the people looked up. */
  actor: string;
  /** For each register call; 0: the default. */
  registerDeadlineMs: number;
}

export interface LookUpDeps {
  licences: LicencePeer;
  registers: Registers;
  now: () => Date;
}

/** Errors: `unavailable` when the licence registry cannot be reached. A silent register is an answer. */
export async function lookUp(deps: LookUpDeps, wanted: LookUp): Promise<Facts> {
  const { licences, registers, now } = deps;
  const at = now();
  const before: Facts = {
    today: civilDate(at),
    at: at.toISOString(),
    licences: await heldLicences(licences, wanted),
    numbers: new Map(),
    answers: new Map(),
  };
  const numbers = await identityNumbers(licences, wanted, numbersNeeded(wanted, before));
  const asks = registerAsks(wanted, { ...before, numbers });
  const { evidence, purpose, caseId, registerDeadlineMs: deadlineMs } = wanted;
  const answers = await registers.ask(asks, { evidence, numbers, purpose, caseId, deadlineMs });
  return { ...before, numbers, answers: await namedAnswers(licences, wanted, asks, answers) };
}

async function heldLicences(licences: LicencePeer, wanted: LookUp): Promise<Licence[]> {
  const queries = matchQueries(wanted);
  if (queries.length === 0) return [];
  const { purpose, caseId, actor } = wanted;
  const items = [...new Set(wanted.requirements.flatMap((each) => each.items))].filter((item) => item !== "");
  const { licences: held } = await licences.match({ queries, purpose, caseId, actor, items });
  const identify = identifier(licences);
  return Promise.all(
    held.map(async (it) => ({ ...it, fields: await namePeople(wanted, it.evidence, it.fields, identify) })),
  );
}

async function identityNumbers(
  licences: LicencePeer,
  wanted: LookUp,
  personIds: string[],
): Promise<ReadonlyMap<string, string>> {
  if (personIds.length === 0) return new Map();
  const { purpose, caseId, actor } = wanted;
  const { holders } = await licences.getHolders({ personIds, purpose, caseId, actor });
  return new Map(
    holders.flatMap((it) => (it.identityNumber === "" ? [] : [[it.personId, it.identityNumber] as const])),
  );
}

async function namedAnswers(
  licences: LicencePeer,
  wanted: LookUp,
  asks: readonly Ask[],
  answers: ReadonlyMap<string, Answer>,
): Promise<Map<string, Answer>> {
  const identify = identifier(licences);
  const named = asks.map(async (ask): Promise<[string, Answer][]> => {
    const answer = answers.get(askKey(ask));
    if (answer?.kind !== "found") return answer ? [[askKey(ask), answer]] : [];
    const fields = await namePeople(wanted, ask.evidence, answer.fields, identify);
    return [[askKey(ask), { ...answer, fields }]];
  });
  return new Map((await Promise.all(named)).flat());
}

/** Registers know people by number, the platform by person id: a field of type person is handed on as an id. */
async function namePeople(
  wanted: LookUp,
  evidence: string,
  fields: Record<string, string>,
  identify: (number: string) => Promise<string>,
): Promise<Record<string, string>> {
  const named = { ...fields };
  for (const name of personFields(evidenceType(wanted, evidence))) {
    const value = fields[name];
    if (value !== undefined && isCitizenNumber(value)) named[name] = await identify(value);
  }
  return named;
}

/** The person id of a number, asked for once a look-up. */
function identifier(licences: LicencePeer): (identityNumber: string) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  return (identityNumber) => {
    const asked =
      known.get(identityNumber) ??
      licences.identify({ identityNumber, name: "" }).then(({ personId }) => personId);
    known.set(identityNumber, asked);
    return asked;
  };
}
