// What comes after a grant: the result is handed over (Licensing Law art. 44), or the grant is taken back (arts. 8 and 69).
import type { Work } from "@onething/contracts/approval/v1/work";
import { invalid, type Text } from "@onething/kernel/errors";
import type { Official } from "../domain/obstacles.ts";
import { reasonsOf } from "../domain/result.ts";
import { type Revocation, revocations } from "../domain/table.ts";
import { type Asked, act } from "./act.ts";
import type { Deps } from "./deps.ts";

export const deliveries = ["electronic", "window", "post"] as const;

export const deliver = (deps: Deps, by: Official, asked: Asked, how: string): Promise<Work> =>
  act(deps, by, asked, { deliver: asked.id, how }, () => {
    if (!deliveries.some((each) => each === how))
      throw invalid(
        "approval.delivery_unknown",
        "送达方式须为 electronic（电子）、window（窗口）或 post（邮寄）",
        "A result is delivered electronic, at a window, or by post",
      );
    return { type: "deliver", by, how };
  });

export const revoke = (
  deps: Deps,
  by: Official,
  asked: Asked,
  input: { ground: string; reasons: readonly Text[] },
): Promise<Work> =>
  act(deps, by, asked, { revoke: asked.id, ...input }, () => ({
    ...{ type: "revoke", by, ground: groundOf(input.ground) },
    reasons: reasonsOf(input.reasons),
  }));

function groundOf(given: string): Revocation {
  const ground = revocations.find((each) => each === given);
  if (ground) return ground;
  throw invalid(
    "approval.ground_unknown",
    "撤销的原因须为 by_authority（违法作出）、fraud（以不正当手段取得）或 public_interest（公共利益需要）",
    "A grant is revoked for by_authority (it was unlawful), fraud (it was got by fraud) or public_interest",
  );
}
