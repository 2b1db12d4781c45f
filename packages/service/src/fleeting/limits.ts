// How much one caller may ask for. Set high above what people and departments' systems do, to hold back what runs wild.
import { exhausted } from "@onething/kernel/errors";
import { z } from "zod";
import { words } from "../field-words.ts";
import { wholeSeconds } from "../status.ts";
import { actorOf, type Caller } from "../types.ts";
import type { Fleeting } from "./port.ts";
import type { Rate } from "./rate.ts";

/** Whom a limit is for. Requests without a valid token are counted by network address, so is every sign-in. */
const kinds = ["anyone", "sign-in", "citizen", "clerk", "officer", "operator", "department"] as const;
export type LimitKind = (typeof kinds)[number];
/** Requests a minute; a minute's worth may come at once. Who is not named here (our own services) has no limit. */
export type Limits = Partial<Record<LimitKind, number>>;

export const defaultLimits: Limits = {
  anyone: 600,
  "sign-in": 120,
  citizen: 1_200,
  clerk: 1_200,
  officer: 1_200,
  operator: 1_200,
  department: 6_000,
};

/** `citizen=1200,sign-in=60`: those named, the others as they are; `off`: none. */
export const limitsSetting = z.string().transform((text, ctx): Limits => {
  if (text.trim() === "off") return {};
  const pairs = text
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean)
    .map((each) => /^([\w-]+)=([1-9]\d{0,8})$/.exec(each));
  if (pairs.some((pair) => !pair || !kinds.includes(pair[1] as LimitKind)))
    ctx.addIssue({
      code: "custom",
      ...words(
        `应为 off，或 类别=每分钟次数，多个用逗号分开；类别：${kinds.join("、")}`,
        `must be off, or kind=requests a minute, separated by commas; kinds: ${kinds.join(", ")}`,
      ),
    });
  return { ...defaultLimits, ...Object.fromEntries(pairs.map((pair) => [pair?.[1], Number(pair?.[2])])) };
});

export interface Limiter {
  /** Errors: `rate.limited`, with the time to wait. */
  caller(caller: Caller): Promise<void>;
  /** Somebody without a valid token, by network address. Errors: as above. */
  stranger(address: string): Promise<void>;
  /** An attempt to sign in. Errors: as above. */
  signIn(address: string): Promise<void>;
}

export function createLimiter(fleeting: Pick<Fleeting, "take">, limits: Limits): Limiter {
  const rates = new Map(
    Object.entries(limits).map(([kind, n]): [string, Rate] => [kind, { burst: n, perMinute: n }]),
  );
  const take = async (kind: string, whose: string) => {
    const rate = rates.get(kind);
    const waitMs = rate ? await fleeting.take(`${kind}/${whose}`, rate) : 0;
    if (waitMs > 0) throw limited(waitMs);
  };
  return {
    // A department's systems share one limit, people have each their own.
    caller: (caller) =>
      take(caller.role, (caller.role === "department" && caller.department) || actorOf(caller)),
    stranger: (address) => take("anyone", address),
    signIn: (address) => take("sign-in", address),
  };
}

const limited = (retryAfterMs: number) => {
  const seconds = wholeSeconds(retryAfterMs);
  return exhausted(
    "rate.limited",
    `请求过于频繁，请 ${seconds} 秒后再试`,
    `Too many requests; try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}`,
    { retryAfterMs },
  );
};
