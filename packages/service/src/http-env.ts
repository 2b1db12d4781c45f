// What travels with an HTTP request from its gate to its handler.
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Caller } from "./types.ts";

export interface HttpEnv {
  Variables: {
    requestId: string;
    caller: Caller;
    /** Says that the server stops: what streams on ends then. */
    stopping?: AbortSignal;
  };
}
export type Api = OpenAPIHono<HttpEnv>;
