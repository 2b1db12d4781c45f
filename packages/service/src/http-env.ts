// What travels with an HTTP request from its gate to its handler.
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Caller } from "./types.ts";

export interface HttpEnv {
  Variables: { requestId: string; caller: Caller };
}
export type Api = OpenAPIHono<HttpEnv>;
