// The operator's door: what the platform counts, and events that got stuck. No personal data passes here.
import { listStuck } from "@onething/events/apply";
import type { Feed } from "@onething/events/feed";
import { notFound } from "@onething/kernel/errors";
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
import type { RunningService } from "@onething/service/running-service";
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
const Replayed = z.object({ replayed: z.number(), stuck: z.array(Stuck) }).openapi("Replayed");
const Replay = z.object({ consumer: z.string(), caseId: z.string() }).openapi("Replay");
const tags = ["运维 · Operations"];
const security = bearer("operator");

export function operationRoutes(
  deps: Pick<ServiceDeps, "authenticate" | "log" | "meters"> & { services: RunningService[]; feeds: Feed[] },
): Api {
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
    (c) => c.json(deps.meters.read(), 200),
  );
  api.openapi(
    createRoute({
      method: "get",
      path: "/api/v1/operations/stuck",
      summary: "卡住的事件 · Events that could not be applied",
      tags,
      security,
      responses: { 200: json(z.object({ events: z.array(Stuck) }), "列表 · The list") },
    }),
    async (c) => {
      const lists = await Promise.all(deps.services.map((service) => listStuck(service.journal.db)));
      return c.json({ events: lists.flat() }, 200);
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
      const feed = deps.feeds.find((each) => each.consumer === consumer);
      if (!feed) throw notFound("stuck.no_consumer", "没有这个消费者", "There is no such consumer");
      const replayed = await feed.replay(caseId);
      const lists = await Promise.all(deps.services.map((service) => listStuck(service.journal.db)));
      const stuck = lists.flat().filter((each) => each.consumer === consumer && each.caseId === caseId);
      return c.json({ replayed, stuck }, 200);
    },
  );
  return api;
}
