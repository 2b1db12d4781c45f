// A journal in memory, on the clock of the simulation: the same promises as packages/journal (one commit for state, event, key
// and timers; a repeat answers as the first time), without a database, so that a seed gives the same run every time. Events go
// through their bytes, states through JSON, as they would.
import type { AnyKind, Happened, Journal, RecordedEvent, Submission } from "@onething/journal/journal";
import { canonicalJson } from "@onething/kernel/canonical-json";
import { conflict, unavailable } from "@onething/kernel/errors";

interface Root {
  kind: AnyKind;
  id: string;
  state: unknown;
  version: number;
  events: RecordedEvent[];
  timers: Map<string, string>;
}

/** Draws when a process dies: before a commit (nothing happened), or after it (nobody was told). */
export type Crash = (when: "before" | "after") => boolean;

export interface MemoryJournal extends Pick<Journal, "submit" | "load" | "history"> {
  /** Every event in the order of commits. */
  readonly log: readonly RecordedEvent[];
  readonly roots: ReadonlyMap<string, Root>;
  /** Fires what is due, in the order of its dates; each as a command of its own. */
  fire(): Promise<void>;
  /** Of all roots, the next instant at which a timer is due. */
  nextDue(): string | undefined;
}

export function memoryJournal(clock: { now: Date }, crash: Crash): MemoryJournal {
  const roots = new Map<string, Root>();
  const keys = new Map<string, { body: string; answer: unknown; stream: string; version: number }>();
  const log: RecordedEvent[] = [];

  const submit = async (kind: AnyKind, id: string, command: { type: string }, by: Submission) => {
    const stream = `${kind.name}/${id}`;
    const name = `${by.actor} ${by.key ?? `once ${log.length} ${stream} ${command.type}`}`;
    const body = canonicalJson(by.body ?? [kind.name, command]);
    const known = keys.get(name);
    const root = roots.get(stream);
    if (known) {
      if (known.body !== body)
        throw conflict("key.reused", "同一个键用于不同请求", "One key for two requests");
      return { id, version: known.version, state: root?.state, answer: known.answer, repeated: true };
    }
    const decision = kind.decide(root?.state ?? null, command, clock.now, root?.version ?? 0);
    if (crash("before")) throw died();
    const after = root ?? {
      kind,
      id,
      state: null,
      version: 0,
      events: [],
      timers: new Map<string, string>(),
    };
    for (const event of decision.events) {
      const { codec } = kind.codecs[event.type]!;
      const happened = {
        ...{ type: event.type, data: codec.decode(codec.encode(event.data as never).finish()) },
        ...{ at: clock.now.toISOString(), actor: by.actor },
      };
      after.state = JSON.parse(JSON.stringify(kind.evolve(after.state, happened as Happened<never>)));
      after.version += 1;
      const caseId = kind.caseOf?.(after.state) ?? "";
      const recorded = { ...happened, id: `${stream}@${after.version}`, stream, version: after.version };
      after.events.push({ ...recorded, caseId, trace: "" });
      log.push(after.events.at(-1)!);
    }
    if (after.state !== null) roots.set(stream, after);
    const timers = after.state === null ? [] : (kind.timers?.(after.state) ?? []);
    after.timers = new Map(timers.map((timer) => [timer.name, timer.at]));
    const answer = decision.answer ?? { id, version: after.version };
    keys.set(name, { body, answer, stream, version: after.version });
    if (crash("after")) throw died();
    return { id, version: after.version, state: after.state, answer, repeated: false };
  };

  const due = () =>
    [...roots.values()]
      .flatMap((root) => [...root.timers].map(([name, at]) => ({ root, name, at })))
      .filter(({ at }) => at <= clock.now.toISOString())
      .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.root.id < b.root.id ? -1 : 1));

  return {
    submit: submit as unknown as Journal["submit"],
    load: (async (kind: AnyKind, id: string) => {
      const root = roots.get(`${kind.name}/${id}`);
      return root ? { state: root.state, version: root.version } : null;
    }) as Journal["load"],
    history: async (kind, id) => roots.get(`${kind.name}/${id}`)?.events ?? [],
    log,
    roots,
    fire: async () => {
      for (let [next] = due(); next; [next] = due()) {
        const { root, name, at } = next;
        const by = { actor: "timer", key: `${root.kind.name}/${root.id} ${name} ${at}` };
        await patiently(() => submit(root.kind, root.id, root.kind.onTimer!(name, at), by));
        if (root.timers.get(name) === at)
          throw new Error(`timer ${name} of ${root.kind.name}/${root.id} neither ended nor moved at ${at}`);
      }
    },
    nextDue: () => [...roots.values()].flatMap((root) => [...root.timers.values()]).toSorted()[0],
  };
}

const died = () => unavailable("simulation.died", "进程中断", "The process died");

/** Whoever was cut off asks again, with the very same request. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if ((error as { reason?: string }).reason !== "simulation.died" || attempt > 50) throw error;
    }
  }
}
