// The one client of the register contract: the only place from where the platform calls out to departments' registers.
// A register that is late, down or confused costs its own answer and nothing else: `ask` never throws.
import { randomUUID } from "node:crypto";
import type { EvidenceType } from "@onething/contracts/catalog/v1/catalog";
import { AskRequest, RegisterServiceDefinition } from "@onething/contracts/register/v1/register";
import { OnethingError } from "@onething/kernel/errors";
import { type GrpcClient, grpcClient } from "@onething/service/client";
import type { ServiceDeps } from "@onething/service/types";
import { judgeAnswer } from "./domain/answer.ts";
import { type Answer, type Ask, askKey } from "./domain/facts.ts";

export interface RegisterOptions {
  /** By register code. Read at each call: an address may be set after the start. */
  addresses: Readonly<Record<string, string>>;
  /** How long one call may take. */
  deadlineMs: number;
  /** A register that failed this often in a row is left alone for `pauseMs`: its callers need not wait to hear so. */
  failuresBeforePause: number;
  pauseMs: number;
}

export interface AskContext {
  evidence: readonly EvidenceType[];
  /** Person id -> identity number. */
  numbers: ReadonlyMap<string, string>;
  purpose: string;
  caseId: string;
  /** 0: the default. */
  deadlineMs: number;
}

export interface Registers {
  /** Puts all questions at once; a question about somebody without a number is not put. Answers by askKey. */
  ask(asks: readonly Ask[], context: AskContext): Promise<Map<string, Answer>>;
  close(): void;
}

interface Line {
  address: string;
  client: GrpcClient<typeof RegisterServiceDefinition>;
  failures: number;
  pausedUntil: number;
}

type Deps = Pick<ServiceDeps, "token" | "tls" | "meters" | "now" | "log">;

export function createRegisters(deps: Deps, options: RegisterOptions): Registers {
  const lines = createLines(deps, options);
  return {
    async ask(asks, context) {
      const answers = await Promise.all(
        asks.map(async (ask): Promise<[string, Answer][]> => {
          const request = requestFor(ask, context);
          if (!request) return [];
          const line = lines.to(ask.register);
          const answer: Answer = line
            ? await askOne(deps, options, { line, ask, request, context })
            : { kind: "unavailable", why: "no_address" };
          return [[askKey(ask), answer]];
        }),
      );
      return new Map(answers.flat());
    },
    close: lines.close,
  };
}

/** One line to each register, opened at its first call and again when its address has changed. */
function createLines({ token, tls, meters }: Deps, { addresses, deadlineMs }: RegisterOptions) {
  const lines = new Map<string, Line>();
  return {
    to(code: string): Line | undefined {
      const address = Object.hasOwn(addresses, code) ? addresses[code] : undefined;
      const known = lines.get(code);
      if (known?.address === address) return known;
      known?.client.close();
      lines.delete(code);
      if (address === undefined) return undefined;
      const calls = {
        token,
        deadlineMs,
        meters,
        meter: "registerCalls",
        ...(tls ? { tls: { folder: tls } } : {}),
      };
      const client = grpcClient(RegisterServiceDefinition, address, calls);
      const line = { address, client, failures: 0, pausedUntil: 0 };
      lines.set(code, line);
      return line;
    },
    close(): void {
      for (const { client } of lines.values()) client.close();
      lines.clear();
    },
  };
}

async function askOne(
  { now, log }: Deps,
  { deadlineMs, failuresBeforePause, pauseMs }: RegisterOptions,
  call: { line: Line; ask: Ask; request: AskRequest; context: AskContext },
): Promise<Answer> {
  const { line, ask, request, context } = call;
  if (now().getTime() < line.pausedUntil) return { kind: "unavailable", why: "silent" };
  try {
    const deadline = context.deadlineMs > 0 ? context.deadlineMs : deadlineMs;
    const response = await line.client.ask(request, { deadline });
    line.failures = 0;
    const type = context.evidence.find((each) => each.code === ask.evidence)!;
    return judgeAnswer(type, request, response, now().toISOString());
  } catch (error) {
    line.failures += 1;
    if (line.failures >= failuresBeforePause) line.pausedUntil = now().getTime() + pauseMs;
    const late = error instanceof OnethingError && error.reason === "peer.deadline";
    const { failures } = line;
    log.warn({ register: ask.register, reason: reasonOf(error), failures }, "register did not answer");
    return { kind: "unavailable", why: late ? "late" : "silent" };
  }
}

const reasonOf = (error: unknown): string => (error instanceof OnethingError ? error.reason : "internal");

function requestFor(ask: Ask, { evidence, numbers, purpose, caseId }: AskContext): AskRequest | undefined {
  const identityNumber = numbers.get(ask.about) ?? "";
  const toIdentityNumber = ask.to === "" ? "" : (numbers.get(ask.to) ?? "");
  if (identityNumber === "" || (ask.to !== "" && toIdentityNumber === "")) return undefined;
  const fields = evidence.find((each) => each.code === ask.evidence)?.fields.map((field) => field.name) ?? [];
  return AskRequest.create({
    evidence: ask.evidence,
    identityNumber,
    toIdentityNumber,
    purpose,
    caseId,
    fields,
    requestId: randomUUID(),
  });
}
