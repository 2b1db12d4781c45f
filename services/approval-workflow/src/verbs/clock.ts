// What stops, starts or prolongs the clock: special procedures (Licensing Law art. 45) and the one extension (art. 42).
import type { Work } from "@onething/contracts/approval/v1/work";
import type { Text } from "@onething/kernel/errors";
import { both } from "../domain/content.ts";
import type { Official } from "../domain/obstacles.ts";
import type { ProcedureName } from "../domain/table.ts";
import { type Asked, act } from "./act.ts";
import type { Deps } from "./deps.ts";

const none: Text = { zh: "", en: "" };

export interface Pausing {
  procedure: string;
  reason: Text | undefined;
  days: number;
}

/** The law itself checks the procedure against those the item names. */
export const pause = (deps: Deps, by: Official, asked: Asked, input: Pausing): Promise<Work> =>
  act(deps, by, asked, { pause: asked.id, ...input }, () => ({
    ...{ type: "pause", by, reason: input.reason ?? none, days: input.days },
    procedure: input.procedure as ProcedureName,
  }));

export const resume = (deps: Deps, by: Official, asked: Asked, result: Text | undefined): Promise<Work> =>
  act(deps, by, asked, { resume: asked.id, result }, () => ({
    type: "resume",
    by,
    result: both("result", result),
  }));

export interface Extending {
  days: number;
  reason: Text | undefined;
  approvedBy: Text | undefined;
}

export const extend = (deps: Deps, by: Official, asked: Asked, input: Extending): Promise<Work> =>
  act(deps, by, asked, { extend: asked.id, ...input }, () => ({
    ...{ type: "extend", by, days: input.days },
    ...{ reason: input.reason ?? none, approvedBy: input.approvedBy ?? none },
  }));
