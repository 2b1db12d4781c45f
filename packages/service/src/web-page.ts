// Pages for people out of a service's own door: one file each, with its own style, no script and no asset from elsewhere.
import { createHash } from "node:crypto";
import type { Context } from "hono";
import { accepts } from "hono/accepts";

/** Whether the reader would rather have a page than JSON: a browser says so, a program rarely says anything. */
export const wantsPage = (c: Context): boolean =>
  accepts(c, {
    header: "Accept",
    supports: ["application/json", "text/html"],
    default: "application/json",
  }) === "text/html";

/** Lets a page show its own style, and nothing else. */
export function pagePolicy(style: string): string {
  const digest = createHash("sha256").update(style).digest("base64");
  return `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** As text of a page, whatever it holds. */
export const quoted = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => entities[sign]!);
