// The departments' door. Whose work it is comes from the token, never from the request.
import type {
  CorrectRequest,
  DecideManyResponse,
  DecideRequest,
  DeclineRequest,
  DeliverRequest,
  ExtendRequest,
  GiveLegalityRequest,
  GiveSecondLookRequest,
  PauseRequest,
  RequestSupplementRequest,
  ResumeRequest,
  RevokeRequest,
} from "@onething/contracts/approval/v1/acts";
import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import type { Work } from "@onething/contracts/approval/v1/work";
import { type RpcContext, type RpcDoor, rpc } from "@onething/service/rpc";
import type { Official } from "./domain/obstacles.ts";
import { accept, correct, decline } from "./verbs/accept.ts";
import type { Asked } from "./verbs/act.ts";
import { deliver, revoke } from "./verbs/after-grant.ts";
import { claim, release } from "./verbs/claim.ts";
import { extend, pause, resume } from "./verbs/clock.ts";
import { answerConsultation, consult, listConsultations } from "./verbs/consult.ts";
import { checkedKey, decide, type Outcome, outcomeMissing } from "./verbs/decide.ts";
import { decideMany, type RowResult } from "./verbs/decide-many.ts";
import type { Deps } from "./verbs/deps.ts";
import { officialOf } from "./verbs/desk.ts";
import { getWork } from "./verbs/get-work.ts";
import { giveLegality, giveSecondLook, refer } from "./verbs/legality.ts";
import { listWork } from "./verbs/list-work.ts";
import { requestSupplement } from "./verbs/supplement.ts";
import { watchWork } from "./verbs/watch-work.ts";

/** Work, and the key under which a repeat of the request is answered as the first time. */
type Request = { id: string; idempotencyKey: string; ifVersion?: number };
const asked = ({ id, idempotencyKey, ifVersion = 0 }: Request): Asked => ({
  ...{ id, key: checkedKey(idempotencyKey), ifVersion },
});

export function rpcDoor(deps: Deps): RpcDoor {
  const done =
    <R extends Request>(verb: (by: Official, asked: Asked, request: R) => Promise<Work>) =>
    async (request: R, { caller }: RpcContext) => ({
      work: await verb(await officialOf(deps, caller), asked(request), request),
    });
  return rpc(
    ApprovalServiceDefinition,
    {
      listWork: async (request, { caller }) => listWork(deps, await officialOf(deps, caller), request),
      watchWork: async function* (request, { caller, signal }) {
        yield* watchWork(deps, await officialOf(deps, caller), request, signal);
      },
      getWork: async ({ id }, { caller }) => ({
        detail: await getWork(deps, await officialOf(deps, caller), id),
      }),
      claim: done((by, which) => claim(deps, by, which)),
      release: done((by, which) => release(deps, by, which)),
      accept: done((by, which) => accept(deps, by, which)),
      correct: done((by, which, { values }: CorrectRequest) => correct(deps, by, which, values)),
      requestSupplement: done((by, which, { gaps }: RequestSupplementRequest) =>
        requestSupplement(deps, by, which, gaps),
      ),
      decline: done((by, which, { ground, reasons, rightBody }: DeclineRequest) =>
        decline(deps, by, which, { ground, reasons, rightBody }),
      ),
      pause: done((by, which, { procedure, reason, days }: PauseRequest) =>
        pause(deps, by, which, { procedure, reason, days }),
      ),
      resume: done((by, which, { result }: ResumeRequest) => resume(deps, by, which, result)),
      extend: done((by, which, { days, reason, approvedBy }: ExtendRequest) =>
        extend(deps, by, which, { days, reason, approvedBy }),
      ),
      refer: done((by, which) => refer(deps, by, which)),
      giveLegality: done((by, which, { lawful, opinion }: GiveLegalityRequest) =>
        giveLegality(deps, by, which, { lawful, opinion }),
      ),
      giveSecondLook: done((by, which, { upheld, opinion }: GiveSecondLookRequest) =>
        giveSecondLook(deps, by, which, { upheld, opinion }),
      ),
      consult: async (request, { caller }) => {
        const { department, question, days } = request;
        const by = await officialOf(deps, caller);
        return { consultation: await consult(deps, by, asked(request), { department, question, days }) };
      },
      listConsultations: async (_, { caller }) => ({
        consultations: await listConsultations(deps, await officialOf(deps, caller)),
      }),
      answerConsultation: async (request, { caller }) => {
        const { agrees, opinion } = request;
        const by = await officialOf(deps, caller);
        return { consultation: await answerConsultation(deps, by, asked(request), { agrees, opinion }) };
      },
      deliver: done((by, which, { how }: DeliverRequest) => deliver(deps, by, which, how)),
      revoke: done((by, which, { ground, reasons }: RevokeRequest) =>
        revoke(deps, by, which, { ground, reasons }),
      ),
      decide: done((by, which, request: DecideRequest) =>
        decide(deps, by, { ...which, outcome: given(outcomeOf(request)) }),
      ),
      decideMany: async ({ decisions }, { caller }) => {
        const rows = decisions.map((row) => ({
          id: row.id,
          key: row.idempotencyKey,
          ifVersion: row.ifVersion,
          outcome: outcomeOf(row),
        }));
        return manyOf(await decideMany(deps, await officialOf(deps, caller), rows));
      },
    },
    { allow: ["department", "officer"] },
  );
}

function outcomeOf({ decision }: DecideRequest): Outcome | undefined {
  if (!decision) return undefined;
  return decision.$case === "grant" ? { grant: decision.value } : { refuse: decision.value };
}

function given(outcome: Outcome | undefined): Outcome {
  if (!outcome) throw outcomeMissing();
  return outcome;
}

const manyOf = (results: readonly RowResult[]): DecideManyResponse => ({
  results: results.map((result) => {
    if ("work" in result) return { id: result.id, outcome: { $case: "work", value: result.work } };
    const { code, reason, public: text, fields } = result.problem;
    return { id: result.id, outcome: { $case: "problem", value: { code, reason, text, fields } } };
  }),
});
