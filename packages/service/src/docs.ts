// The routes as a page for people, made from the OpenAPI document. One self-contained HTML file: no script, no outside asset.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { OpenAPIHono } from "@hono/zod-openapi";

type Document = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;

export function docsPage(document: Document): { html: string; policy: string } {
  return { html: "", policy: "" };
}
