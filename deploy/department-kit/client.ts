// An example of a department's own system: it watches its work, claims it, asks for what is missing, accepts it, decides it, and
// goes on after a cut stream or a restart. Copy it with `connect.ts`; `decisionOf` is yours to write. It knows the contracts in proto/ and nothing else of onething.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { DecideRequest } from "@onething/contracts/approval/v1/acts";
import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import type { Gap } from "@onething/contracts/approval/v1/events";
import type { Work, WorkDetail } from "@onething/contracts/approval/v1/work";
import type { Field } from "@onething/contracts/common/v1/common";
import { createClientFactory } from "nice-grpc";
import { deadlineMiddleware } from "nice-grpc-client-middleware-deadline";
import { ClientError, Status } from "nice-grpc-common";
import { connect, connection, pauseMs, Refused } from "./connect.ts";

const { values: told } = parseArgs({
  options: {
    ...connection,
    /** Special procedure that our people run before they decide, where the item has it: inspection, hearing, … */
    procedure: { type: "string" },
    /** Where the cursor is kept over restarts. */
    state: { type: "string", default: "department-kit.cursor" },
  },
});

const { channel, metadata, patiently, signOut } = connect(told);
const api = createClientFactory().use(deadlineMiddleware).create(ApprovalServiceDefinition, channel);

/**
 * The keys follow from the work alone, so that whatever is sent again, also after a crash, is known as the same; what may
 * happen twice to one piece of work (an acceptance after a supplement) has its round in the key.
 */
async function handle(seen: Work): Promise<void> {
  const { id } = seen;
  if (seen.actions.includes("claim"))
    await patiently((options) => api.claim({ id, idempotencyKey: `${id}:claim:${seen.version}` }, options));
  const { detail } = await patiently((options) => api.getWork({ id }, options));
  let work = detail?.work;
  if (!detail || !work) return;
  const gaps = gapsOf(detail);
  if (work.actions.includes("supplement") && gaps.length > 0) {
    await patiently((options) =>
      api.requestSupplement({ id, gaps, idempotencyKey: `${id}:supplement:1` }, options),
    );
    return say(`${seen.item} ${id} lacks something; it comes again once the applicant has answered`);
  }
  if (work.actions.includes("accept")) {
    const idempotencyKey = `${id}:accept:${detail.notices.length}`;
    ({ work } = await patiently((options) => api.accept({ id, idempotencyKey }, options)));
  }
  if (work && told.procedure) work = await inspected(work, told.procedure, detail.procedures.length);
  const decision = decisionOf(detail);
  if (!work?.actions.includes(decision.$case))
    return say(`${seen.item} ${id} is ${work?.status}: not for us to decide now`);
  // On what was looked at: if anything has happened since, it is refused, and looked at again.
  const request = { id, decision, idempotencyKey: `${id}:decide`, ifVersion: work.version };
  const decided = await patiently((options) => api.decide(request, options));
  say(`${seen.item} ${id} ${decided.work?.status}`);
}

/** Yours to write, too: everything that is missing, for it may be asked for once. This one knows what must be filled in. */
function gapsOf({ work, form, formSchema, notices }: WorkDetail): Gap[] {
  if (notices.length > 0) return [];
  const empty = formSchema.filter(({ name, required }) => required && !form[name]);
  return empty.map(({ name, label }) => ({
    ...{ id: "", field: name, requirement: "" },
    what: { zh: `“${label?.zh ?? name}”没有填写`, en: `"${label?.en ?? name}" is not filled in` },
    remedy: { zh: "请填写", en: `Please fill it in; it is needed for ${work?.name?.en ?? "this item"}` },
  }));
}

/** A special procedure: the clock stands from its beginning to its end. Here it takes a moment, with your people days. */
async function inspected(accepted: Work, procedure: string, before: number): Promise<Work> {
  const { id } = accepted;
  let work: Work | undefined = accepted;
  if (work.actions.includes("pause") && before === 0) {
    const reason = { zh: "需要现场核查", en: "The place has to be seen" };
    const request = { id, procedure, reason, days: 3, idempotencyKey: `${id}:pause:1` };
    ({ work } = await patiently((options) => api.pause(request, options)));
    await sleep(200);
  }
  if (!work?.actions.includes("resume")) return work ?? accepted;
  const result = { zh: "核查完毕，情况属实", en: "Seen: it is as stated" };
  const ended = { id, result, idempotencyKey: `${id}:resume:1` };
  return (await patiently((options) => api.resume(ended, options))).work ?? work;
}

/** Yours to write. This one grants, with what it was shown under the same name, and refuses where it would have to invent. */
function decisionOf({ work, form, evidence }: WorkDetail): NonNullable<DecideRequest["decision"]> {
  const known: Record<string, string> = Object.assign({}, ...evidence.map(({ fields }) => fields), form);
  const result: Record<string, string> = {};
  for (const field of work?.result ?? []) {
    const value = known[field.name] ?? example(field);
    if (value !== undefined) result[field.name] = value;
    else if (field.required) return { $case: "refuse", value: { reasons: [cannot(field)] } };
  }
  return { $case: "grant", value: { result, opinion: "" } };
}

function example({ type, choices }: Field): string | undefined {
  const values: Record<string, string | undefined> = {
    text: `EXAMPLE-${Date.now().toString(36).toUpperCase()}`,
    date: new Date().toISOString().slice(0, 10),
    instant: new Date().toISOString(),
    number: "1",
    money: "1.00",
    boolean: "true",
    choice: choices[0],
  };
  return values[type];
}

const cannot = ({ name, label }: Field) => ({
  zh: `示例系统不能给出“${label?.zh ?? name}”`,
  en: `The example system cannot give "${label?.en ?? name}"`,
});

const cursor = {
  read: (): string => (existsSync(told.state) ? readFileSync(told.state, "utf8") : ""),
  /** Written beside and put in place, so that a crash leaves the old one or the new one. */
  keep(at: string): void {
    writeFileSync(`${told.state}.new`, at);
    renameSync(`${told.state}.new`, told.state);
  },
};

const say = (line: string): void => console.log(`${new Date().toISOString()} ${line}`);

/** What was refused for good stays in the department's list for a person; the others go on. */
async function handleSaying(work: Work, again = true): Promise<void> {
  await handle(work).catch((error: unknown) => {
    if (!(error instanceof Refused)) throw error;
    if (error.reason === "approval.moved_on" && again) return handleSaying(work, false);
    say(`${work.item} ${work.id} left: ${error.message}`);
  });
}

for (let failures = 0; ; failures++) {
  try {
    say(cursor.read() ? "watching, from the cursor" : "watching, from the start");
    const stream = api.watchWork({ after: cursor.read(), items: [] }, { metadata: await metadata() });
    for await (const { work, cursor: at } of stream) {
      failures = 0;
      if (work) await handleSaying(work);
      // After it is dealt with: whoever falls in between is sent it again, and the keys see to it that nothing is doubled.
      cursor.keep(at);
    }
  } catch (error) {
    say(`stream lost: ${error instanceof Error ? error.message : error}`);
    if (error instanceof ClientError && error.code === Status.UNAUTHENTICATED) signOut();
    // A cursor that the platform does not know: from the start, which sends all that is in hand.
    if (error instanceof ClientError && error.code === Status.INVALID_ARGUMENT) cursor.keep("");
  }
  await sleep(pauseMs(failures));
}
