// How each kind of fault is done to the stage, and mended.
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { randomBy } from "../random.ts";
import { redeliver } from "./messages.ts";
import type { Wire } from "./proxy.ts";
import type { Fault, Kind } from "./schedule.ts";
import type { Engineered, Stage } from "./stage.ts";
import type { Supervisor } from "./supervisor.ts";

type Strike = (fault: Fault, stage: Stage, supervisor: Supervisor) => Promise<string>;

/** Resolves when it is mended, with what there is to say. */
export const strike: Record<Kind, Strike> = {
  "kill replica": takeDown("SIGKILL"),
  "stop replica": takeDown("SIGTERM"),
  "kill postgres": down(({ postgres }) => postgres),
  "kill kafka": down(({ kafka }) => kafka),
  "kill redis": down(({ redis }) => redis),
  "pause kafka": silent(({ kafka }) => kafka),
  "pause redis": silent(({ redis }) => redis),
  "flush redis": (_, { redis }) =>
    tell(Number(new URL(redis.now().url).port), "FLUSHALL").then(() => "emptied", notDone),
  "cut wire": onWire((wire) => wire.cut()),
  "slow wire": onWire((wire, { amount }) => wire.slow(amount)),
  "half-open wire": onWire((wire) => wire.halfOpen()),
  "redeliver messages": async ({ target, amount, seed }, { kafka }) => {
    for (const end = Date.now() + againLimitMs; ; )
      try {
        const random = randomBy(seed);
        const sent = await redeliver({ brokers: kafka.now().url, topic: target, count: amount, random });
        return `${sent} came again`;
      } catch (error) {
        if (Date.now() > end) return notDone(error);
        await sleep(500);
      }
  },
};

/** How long a broker that is down just then is waited for. */
const againLimitMs = 30_000;

/** What needs an engine that is down. */
const notDone = (error: unknown): string =>
  `not done: ${error instanceof Error ? error.message : String(error)}`;

function takeDown(signal: NodeJS.Signals): Strike {
  return async ({ target, forMs }, _, supervisor) =>
    (await supervisor.takeDown(target, signal, forMs)) ? "back" : "was down already";
}

function down(of: (stage: Stage) => Engineered<unknown>): Strike {
  return async ({ forMs }, stage) => {
    await of(stage).kill();
    await sleep(forMs);
    await of(stage).restart();
    return "back";
  };
}

/** A process that says nothing, and is there. */
function silent(of: (stage: Stage) => Engineered<{ pid: number }>): Strike {
  return async ({ forMs }, stage) => {
    const { pid } = of(stage).now();
    process.kill(pid, "SIGSTOP");
    await sleep(forMs);
    process.kill(pid, "SIGCONT");
    return "goes on";
  };
}

function onWire(fault: (wire: Wire, fault: Fault) => void): Strike {
  return async (drawn, { wires }) => {
    const wire = wires.get(drawn.target)!;
    const open = wire.open();
    fault(wire, drawn);
    await sleep(drawn.forMs);
    wire.heal();
    return `${open} connections`;
  };
}

/** One command in Redis' oldest form. */
function tell(port: number, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(`${command}\r\n`));
    socket.setTimeout(5_000, () => socket.destroy(new Error(`no answer to ${command}`)));
    socket.once("error", reject);
    socket.once("data", () => {
      socket.destroy();
      resolve();
    });
  });
}
