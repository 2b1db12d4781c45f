// The case that the journal's bench runs: start → five tasks at once → join → two outputs → done. Six commands, nine
// events, one deadline. It is a kind like any service's: pure, with keys, a chain and a timer.

import type { Kind } from "@onething/journal/journal";
import { conflict } from "@onething/kernel/errors";

export const TASKS = [0, 1, 2, 3, 4] as const;
export const OUTPUTS = 2;

interface FiveTask {
  /** Stands for a sealed form. */
  form: string;
  done: string[];
  outputs: string[];
  due: string;
  finishedAt?: string;
}

export type FiveTaskCommand =
  | { type: "start"; form: string; due: string }
  | { type: "complete"; task: number; result: string };

type FiveTaskEvent =
  | { type: "five.started"; data: { form: string; due: string } }
  | { type: "five.task_completed"; data: { task: number; result: string } }
  | { type: "five.output_issued"; data: { number: string } }
  | { type: "five.finished"; data: { outputs: number } };

const json = {
  schema: 1,
  codec: {
    encode: (message: object) => ({ finish: () => Buffer.from(JSON.stringify(message)) }),
    decode: (bytes: Uint8Array): object => JSON.parse(Buffer.from(bytes).toString()),
  },
};

export const fiveTask: Kind<FiveTask, FiveTaskCommand, FiveTaskEvent> = {
  name: "five",
  table: "five_task",
  codecs: {
    "five.started": json,
    "five.task_completed": json,
    "five.output_issued": json,
    "five.finished": json,
  },
  decide(state, command) {
    if (command.type === "start") {
      if (state) throw conflict("five.started", "已经开始", "It has started already");
      return { events: [{ type: "five.started", data: { form: command.form, due: command.due } }] };
    }
    const { task, result } = command;
    if (state?.done[task] !== "") throw conflict("five.task", "没有这项任务", "There is no such task open");
    const events: FiveTaskEvent[] = [{ type: "five.task_completed", data: { task, result } }];
    if (state.done.every((each, i) => each !== "" || i === task)) {
      for (let i = 0; i < OUTPUTS; i++)
        events.push({ type: "five.output_issued", data: { number: `${result}.${i}` } });
      events.push({ type: "five.finished", data: { outputs: OUTPUTS } });
    }
    return { events };
  },
  evolve(state, event) {
    switch (event.type) {
      case "five.started":
        return { ...event.data, done: TASKS.map(() => ""), outputs: [] };
      case "five.task_completed":
        return { ...state!, done: state!.done.with(event.data.task, event.at) };
      case "five.output_issued":
        return { ...state!, outputs: [...state!.outputs, event.data.number] };
      case "five.finished":
        return { ...state!, finishedAt: event.at };
    }
  },
  timers: (state) => (state.finishedAt ? [] : [{ name: "due", at: state.due }]),
  caseOf: () => "",
  unfinished: (state) => (state.finishedAt ? undefined : "not finished"),
};
