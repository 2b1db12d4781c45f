// The operator's door: what the platform counts, and events that got stuck. No personal data passes here.
import {
  type Api,
  bearer,
  createRoute,
  json,
  jsonBody,
  problemResponses,
  routes,
  z,
} from "@onething/service/http";
import type { Operations } from "@onething/service/operations";
import type { ServiceDeps } from "@onething/service/types";

const Meters = z.record(z.string(), z.number()).openapi("Meters");
const Stuck = z
  .object({
    consumer: z.string(),
    eventId: z.string(),
    caseId: z.string(),
    type: z.string(),
    error: z.string(),
    attempts: z.number(),
    at: z.string(),
  })
  .openapi("StuckEvent");
const StuckList = z.object({ events: z.array(Stuck), notAsked: z.array(z.string()) }).openapi("StuckList");
const Replayed = z.object({ replayed: z.number(), stuck: z.array(Stuck) }).openapi("Replayed");
const Replay = z.object({ consumer: z.string(), caseId: z.string() }).openapi("Replay");
/** On an answer that is not of all: names of the processes that could not be asked. */
const notAskedHeader = "onething-not-asked";
const tags = ["运维 · Operations"];
const security = bearer("operator");

export function operationRoutes(
  deps: Pick<ServiceDeps, "authenticate" | "log"> & { operations: Operations },
): Api {
  const { operations } = deps;
  const api = routes(deps);
  api.openapi(
    createRoute({
      method: "get",
      path: "/api/v1/operations/meters",
      summary: "计数 · Counters since the start",
      tags,
      security,
      responses: { 200: json(Meters, "计数 · Counters") },
    }),
    async (c) => {
      const notAsked: string[] = [];
      const meters = await operations.meters(notAsked);
      if (notAsked.length > 0) c.header(notAskedHeader, notAsked.join(", "));
      return c.json(meters, 200);
    },
  );
  api.openapi(
    createRoute({
      method: "get",
      path: "/api/v1/operations/stuck",
      summary: "卡住的事件 · Events that could not be applied",
      tags,
      security,
      responses: {
        200: json(StuckList, "列表，以及未能询问的进程 · The list, and processes that could not be asked"),
      },
    }),
    async (c) => {
      const notAsked: string[] = [];
      return c.json({ events: await operations.stuck(notAsked), notAsked }, 200);
    },
  );
  api.openapi(
    createRoute({
      method: "post",
      path: "/api/v1/operations/stuck/replay",
      summary: "重放卡住的事件 · Replay the stuck events of a case",
      tags,
      security,
      request: { body: jsonBody(Replay) },
      responses: {
        200: json(Replayed, "已重放，以及仍卡住的 · Replayed, and what is still stuck"),
        ...problemResponses(400, 404),
      },
    }),
    async (c) => {
      const { consumer, caseId } = c.req.valid("json");
      const replayed = await operations.replay(consumer, caseId);
      const still = await operations.stuck();
      const stuck = still.filter((each) => each.consumer === consumer && each.caseId === caseId);
      return c.json({ replayed, stuck }, 200);
    },
  );
  return api;
}
