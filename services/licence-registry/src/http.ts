// The HTTP door: a person's own wallet, one licence, and who has looked.
import {
  type Api,
  authenticated,
  bearer,
  createRoute,
  json,
  problemResponses,
  routes,
  z,
} from "@onething/service/http";
import { actorOf, type Caller, type ServiceDeps } from "@onething/service/types";
import type { Registry } from "./registry.ts";
import type { Reader } from "./store.ts";
import { get, type ReadLicence } from "./verbs/get.ts";
import { listAccess } from "./verbs/list-access.ts";
import type { Reason } from "./verbs/log-looks.ts";
import { wallet } from "./verbs/wallet.ts";

const Words = z.object({ zh: z.string(), en: z.string() });

const LicenceView = z
  .object({
    identifier: z
      .string()
      .describe("电子证照标识或登记编号 · GB/T 36904 identifier, or record id of a registration"),
    evidence: z.string(),
    typeCode: z.string().describe("21 位类型代码；登记无此代码 · empty for a registration"),
    typeName: Words,
    kind: z.string().describe("licence · registration"),
    holder: z.object({ id: z.string(), name: z.string() }),
    issuer: z.object({ code: z.string(), uscc: z.string(), name: Words }),
    issuedAt: z.string(),
    validUntil: z.string().nullable().describe("有效期至；null 为长期 · last valid day; null: without end"),
    status: z.string().describe("valid · cancelled · expired · revoked"),
    version: z.int(),
    replaces: z.string().nullable(),
    fields: z.array(z.object({ name: z.string(), label: Words, value: z.string() })),
    caseId: z.string().nullable(),
    cancelled: z.object({ at: z.string(), reason: z.string() }).nullable(),
    revoked: z
      .object({ at: z.string(), ground: z.string(), reasons: z.array(Words), by: z.string() })
      .nullable()
      .describe("准予决定被撤销，证照随之撤销 · the grant it came of was taken back"),
  })
  .openapi("Licence");

const AccessView = z
  .object({
    at: z.string(),
    actor: z.string(),
    purpose: z.string(),
    caseId: z.string().nullable(),
    evidence: z.array(z.string()),
    identifiers: z.array(z.string()),
  })
  .openapi("Access");

const Page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).default(""),
});
const nextCursor = z.string().nullable();
const tags = ["证照 · Licences"];

export function licenceRoutes(deps: Pick<ServiceDeps, "authenticate" | "log">, registry: Registry): Api {
  const api = routes(deps);
  api.openapi(
    createRoute({
      method: "get",
      path: "/api/v1/licences",
      summary: "我的证照 · My licences, newest first",
      tags,
      security: bearer("citizen"),
      request: { query: Page },
      responses: {
        200: json(z.object({ licences: z.array(LicenceView), nextCursor }), "本人的证照 · own licences"),
        ...problemResponses(400),
      },
    }),
    async (c) => {
      const caller = authenticated(c);
      const found = await wallet(registry, personOf(caller), lookOf(caller), c.req.valid("query"));
      const licences = found.licences.map(viewOf);
      return c.json({ licences, nextCursor: found.nextCursor || null }, 200);
    },
  );
  api.openapi(
    createRoute({
      method: "get",
      path: "/api/v1/licences/{identifier}",
      summary: "查看一件证照 · One licence: for its holder, or an officer of the department that issued it",
      tags,
      security: bearer(),
      request: { params: z.object({ identifier: z.string().max(200) }) },
      responses: { 200: json(LicenceView, "证照 · the licence"), ...problemResponses(404) },
    }),
    async (c) => {
      const caller = authenticated(c);
      const { identifier } = c.req.valid("param");
      return c.json(viewOf(await get(registry, readerOf(caller), lookOf(caller), identifier)), 200);
    },
  );
  api.openapi(
    createRoute({
      method: "get",
      path: "/api/v1/access-log",
      summary: "谁查看过我的证照 · Who has looked at my licences, newest first",
      tags,
      security: bearer("citizen"),
      request: { query: Page },
      responses: {
        200: json(z.object({ accesses: z.array(AccessView), nextCursor }), "查看记录 · looks"),
        ...problemResponses(400),
      },
    }),
    async (c) => {
      const found = await listAccess(registry, personOf(authenticated(c)), c.req.valid("query"));
      const accesses = found.accesses.map((one) => ({ ...one, caseId: one.caseId || null }));
      return c.json({ accesses, nextCursor: found.nextCursor || null }, 200);
    },
  );
  return api;
}

/** No person has the empty id: an account without a person holds nothing. */
const personOf = (caller: Caller): string => caller.personId ?? "";

/** Everybody but holder and issuing department is a holder of nothing. */
const readerOf = (caller: Caller): Reader =>
  caller.role === "officer" || caller.role === "department"
    ? { issuer: caller.department ?? "" }
    : { holder: caller.role === "citizen" ? personOf(caller) : "" };

const lookOf = (caller: Caller): Reason => ({
  actor: actorOf(caller),
  by: "",
  purpose:
    caller.role === "citizen" ? "本人查看 / own look" : "签发部门查看 / look of the issuing department",
  caseId: "",
});

function viewOf({ state, status, fields, holderName }: ReadLicence): z.infer<typeof LicenceView> {
  const { identifier, evidence, typeCode, typeName, kind, issuer, issuedAt, version, cancelled } = state;
  return {
    identifier,
    evidence,
    typeCode,
    typeName,
    kind,
    holder: { id: state.holderId, name: holderName },
    issuer,
    issuedAt,
    validUntil: state.validUntil || null,
    status,
    version,
    replaces: state.replaces || null,
    fields: state.schema.flatMap(({ name, label }) =>
      fields[name] === undefined ? [] : [{ name, label, value: fields[name] }],
    ),
    caseId: state.caseId || null,
    revoked: state.revoked ?? null,
    cancelled: cancelled && { at: cancelled.at, reason: cancelled.reason },
  };
}
