// Supervision's door (效能监察): how the departments' work stands, now.
import {
  type Api,
  authenticated,
  bearer,
  createRoute,
  json,
  problemResponses,
  z,
} from "@onething/service/http";
import type { Deps } from "./verbs/deps.ts";
import { supervise } from "./verbs/supervise.ts";

const count = (words: string) => z.int().describe(words);
const Figures = z
  .object({
    department: z.string(),
    inHand: count("在办 · in hand"),
    received: count("待受理 · awaiting acceptance"),
    supplementing: count("等待申请人补正 · the applicant's turn"),
    paused: count("特别程序中 · in a special procedure"),
    legality: count("法制审核中 · with the legality review"),
    green: count("绿灯 · well in time"),
    yellow: count("黄灯 · past the first share of the promised time that the city sets"),
    red: count("红灯 · past the second"),
    overdue: count("超时 · past it"),
    decided: count("近三十日办结 · decided in the last thirty days"),
    onTime: count("其中按承诺时限办结 · of these within the promised time"),
  })
  .openapi("DepartmentFigures");

const figures = createRoute({
  method: "get",
  path: "/api/v1/supervision/departments",
  summary: "各部门办理情况 · How the work of each department stands",
  tags: ["效能监察 · Supervision"],
  security: bearer("officer", "operator"),
  responses: {
    200: json(
      z.object({ departments: z.array(Figures) }),
      "各部门的数字与灯 · Numbers and lights by department",
    ),
    ...problemResponses(403),
  },
});

export function supervisionRoutes(api: Api, deps: Deps): void {
  api.openapi(figures, async (c) => c.json({ departments: await supervise(deps, authenticated(c)) }, 200));
}
