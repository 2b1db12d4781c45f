// Who somebody is, as a signed token (JWT, ES256): the issuer signs, doors verify. The key is a file of mode 0600.
import { hash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { unauthenticated, unavailable } from "@onething/kernel/errors";
import * as jose from "jose";
import { z } from "zod";
import { type Authenticate, type Caller, duties, roles } from "./types.ts";

export const defaultAudience = "onething";

export interface Issuer {
  sign(caller: Caller, ttlSeconds: number): Promise<string>;
  jwks(): jose.JSONWebKeySet;
}

interface IssuerOptions {
  issuer: string;
  audience?: string;
  /** Where the key is kept; made on first use. Without it the key lives as long as the process. */
  keyFile?: string;
  now?: () => Date;
}

export async function createIssuer(options: IssuerOptions): Promise<Issuer> {
  const { issuer, audience = defaultAudience, keyFile, now = () => new Date() } = options;
  const secret = keyFile === undefined ? await generateKey() : await keptKey(keyFile);
  const { d: _, ...publicKey } = secret;
  const kid = await jose.calculateJwkThumbprint(publicKey);
  const key = await jose.importJWK(secret, "ES256");
  return {
    sign: ({ sub, ...claims }, ttlSeconds) => {
      const at = Math.floor(now().getTime() / 1000);
      return new jose.SignJWT({ ...claims })
        .setProtectedHeader({ alg: "ES256", kid })
        .setSubject(sub)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(at)
        .setExpirationTime(at + ttlSeconds)
        .sign(key);
    },
    jwks: () => ({ keys: [{ ...publicKey, kid, alg: "ES256", use: "sig" }] }),
  };
}

async function generateKey(): Promise<jose.JWK> {
  const { privateKey } = await jose.generateKeyPair("ES256", { extractable: true });
  return jose.exportJWK(privateKey);
}

/** Reads the key, or makes it. It appears whole or not at all: of two starters at once, one's key is used by both. */
async function keptKey(keyFile: string): Promise<jose.JWK> {
  const read = async () => JSON.parse(await readFile(keyFile, "utf8")) as jose.JWK;
  if (existsSync(keyFile)) return read();
  await mkdir(dirname(keyFile), { recursive: true });
  const draft = `${keyFile}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(await generateKey())}\n`, { mode: 0o600, flush: true });
  try {
    await link(draft, keyFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await unlink(draft);
  }
  return read();
}

interface VerifierOptions {
  jwks: jose.JSONWebKeySet | URL;
  issuer: string;
  audience?: string;
  now?: () => Date;
  /** How many verified tokens are remembered. */
  remembered?: number;
}

/** Checks tokens against a key set. A verified token is remembered by its hash until it expires, so a busy caller costs one
 *  signature check, not one a request. */
export function createVerifier(options: VerifierOptions): Authenticate {
  const { jwks, issuer, audience = defaultAudience, now = () => new Date(), remembered = 10_000 } = options;
  const keys = jwks instanceof URL ? jose.createRemoteJWKSet(jwks) : jose.createLocalJWKSet(jwks);
  const known = new Map<string, { caller: Caller; until: number }>();
  return async (token) => {
    if (token === undefined) throw unauthenticated("token.missing", "请先登录", "Please sign in first");
    const digest = hash("sha256", token, "base64");
    const hit = known.get(digest);
    if (hit && hit.until > now().getTime()) return hit.caller;
    known.delete(digest);
    const { payload } = await jose
      .jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ["ES256"],
        requiredClaims: ["sub", "exp"],
        currentDate: now(),
      })
      .catch(refuse);
    const caller = callerOf(payload);
    if (known.size >= remembered) known.delete(known.keys().next().value as string);
    known.set(digest, { caller, until: (payload.exp ?? 0) * 1000 });
    return caller;
  };
}

function refuse(error: unknown): never {
  if (error instanceof jose.errors.JWTExpired)
    throw unauthenticated(
      "token.expired",
      "登录已过期，请重新登录",
      "Your sign-in has expired; please sign in again",
    );
  if (error instanceof jose.errors.JWKSTimeout)
    throw unavailable(
      "token.keys_unavailable",
      "暂时无法核验登录，请稍后再试",
      "Sign-in cannot be checked now; try again later",
      {
        cause: error,
      },
    );
  throw unknownToken(error);
}

const unknownToken = (cause?: unknown) =>
  unauthenticated(
    "token.invalid",
    "登录信息无效，请重新登录",
    "This sign-in is not valid; please sign in again",
    { cause },
  );

const Claims = z.object({
  sub: z.string().min(1),
  role: z.enum(roles),
  personId: z.string().optional(),
  department: z.string().optional(),
  name: z.string().optional(),
  window: z.string().optional(),
  duties: z.array(z.enum(duties)).optional(),
});

function callerOf(payload: jose.JWTPayload): Caller {
  const claims = Claims.safeParse(payload);
  if (!claims.success) throw unknownToken(claims.error);
  return Object.freeze(claims.data);
}

/** The token in an `Authorization: Bearer …` header. */
export const bearerToken = (header: string | undefined): string | undefined =>
  /^bearer ([\w.~+/=-]+)$/i.exec(header?.trim() ?? "")?.[1];

/** A service's own token, signed anew when less than a minute of it is left. */
export function createTokenSource(
  issuer: Issuer,
  caller: Caller,
  { ttlSeconds = 600, now = () => new Date() }: { ttlSeconds?: number; now?: () => Date } = {},
): () => Promise<string> {
  let current: { token: Promise<string>; until: number } | undefined;
  return () => {
    if (!current || current.until - now().getTime() < 60_000) {
      const token = issuer.sign(caller, ttlSeconds);
      current = { token, until: now().getTime() + ttlSeconds * 1000 };
    }
    return current.token;
  };
}
