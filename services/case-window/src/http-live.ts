// The timeline of a case as it happens, as server-sent events.
import {
  type Api,
  authenticated,
  bearer,
  createRoute,
  eventStream,
  lastEventId,
  problemResponses,
  streamed,
  z,
} from "@onething/service/http";
import type { Caller, ServiceDeps } from "@onething/service/types";
import type { Deps } from "./deps.ts";
import type { CaseState } from "./domain/case.ts";
import { followCase } from "./verbs/follow-case.ts";
import { EntryView } from "./view.ts";

const route = createRoute({
  method: "get",
  path: "/api/v1/cases/{id}/events",
  summary: "实时进度 · The timeline as it happens (server-sent events)",
  description:
    "每条 timeline 消息的 data 与办件进度的一项相同，id 是它的版本；断开后带 Last-Event-ID 重连，不漏不重。办结后结束 · The data of each timeline message is an entry of the case's timeline, its id the version; come back with Last-Event-ID and nothing is missed or repeated. Ends when the case is closed",
  tags: ["办件 · Cases"],
  security: bearer("citizen", "clerk"),
  request: { params: z.object({ id: z.uuid() }), headers: lastEventId },
  responses: {
    ...streamed(EntryView, "进度，边办边发 · Entries as they come"),
    ...problemResponses(400, 404, 429, 503),
  },
});

export function liveRoute(
  api: Api,
  deps: Deps & Pick<ServiceDeps, "log">,
  caseOf: (caller: Caller, id: string) => Promise<CaseState>,
): void {
  api.openapi(route, async (c) => {
    const caller = authenticated(c);
    const state = await caseOf(caller, c.req.valid("param").id);
    const messages = await followCase(deps, caller, state, c.req.valid("header")["last-event-id"]);
    return messages ? eventStream(c, deps.log, messages) : c.body(null, 204);
  });
}
