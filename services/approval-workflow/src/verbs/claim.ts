// An officer takes a piece of work, so that no two work on the same, or gives it back to the department's list.
import type { Work } from "@onething/contracts/approval/v1/work";
import type { Official } from "../domain/obstacles.ts";
import { type Asked, act } from "./act.ts";
import type { Deps } from "./deps.ts";

export const claim = (deps: Deps, by: Official, asked: Asked): Promise<Work> =>
  act(deps, by, asked, { claim: asked.id }, () => ({ type: "claim", by }));

export const release = (deps: Deps, by: Official, asked: Asked): Promise<Work> =>
  act(deps, by, asked, { release: asked.id }, () => ({ type: "release", by }));
