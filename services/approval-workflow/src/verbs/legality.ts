// A second pair of eyes: the legality review (法制审核) of items that ask for it, and the second look at automatic decisions that
// were drawn for one.
import type { Work } from "@onething/contracts/approval/v1/work";
import type { Text } from "@onething/kernel/errors";
import { both } from "../domain/content.ts";
import type { Official } from "../domain/obstacles.ts";
import { type Asked, act } from "./act.ts";
import type { Deps } from "./deps.ts";

export const refer = (deps: Deps, by: Official, asked: Asked): Promise<Work> =>
  act(deps, by, asked, { refer: asked.id }, () => ({ type: "refer", by }));

export const giveLegality = (
  deps: Deps,
  by: Official,
  asked: Asked,
  input: { lawful: boolean; opinion: Text | undefined },
): Promise<Work> =>
  act(deps, by, asked, { legality: asked.id, ...input }, () => ({
    ...{ type: "give_legality", by, lawful: input.lawful },
    opinion: both("opinion", input.opinion),
  }));

/** Questioned, it stays granted: taking it back is an act of its own (revoke). */
export const giveSecondLook = (
  deps: Deps,
  by: Official,
  asked: Asked,
  input: { upheld: boolean; opinion: Text | undefined },
): Promise<Work> =>
  act(deps, by, asked, { secondLook: asked.id, ...input }, () => ({
    ...{ type: "second_look", by, upheld: input.upheld },
    opinion: both("opinion", input.opinion),
  }));
