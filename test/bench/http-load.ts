// The load of the http bench, in a process of its own so that the platform's figures are the platform's: citizens over
// HTTP, who each file a case when their last one is closed, and departments over gRPC, who decide whatever comes at once.
import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { DecideManyRequest } from "@onething/contracts/approval/v1/acts";
import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import type { Work } from "@onething/contracts/approval/v1/work";
import { grpcClient } from "@onething/service/client";
import type { Loaded, LoadOrder, LoadSetting } from "./http.ts";

/** A citizen looks again after so long, then after twice as long. */
const FIRST_LOOK_MS = 250;
const PATIENCE_MS = 60_000;
const agent = new Agent({ keepAlive: true, maxSockets: 128 });

interface Answer<T> {
  status: number;
  body: T;
}

/** A connection that the server closed just as we used it again is no failure: the same request, with its key, goes once more. */
function call<T>(method: string, url: string, token?: string, body?: unknown): Promise<T> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers: Record<string, string | number> = {};
  if (token) headers.authorization = `Bearer ${token}`;
  if (text !== undefined) {
    headers["content-type"] = "application/json";
    headers["content-length"] = Buffer.byteLength(text);
    headers["idempotency-key"] = randomUUID();
  }
  const send = (again: boolean): Promise<Answer<T>> =>
    new Promise((resolve, reject) => {
      const sent = request(url, { method, agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode!, body: JSON.parse(Buffer.concat(chunks).toString()) }),
        );
        response.on("error", reject);
      });
      sent.on("error", (error) => (again && sent.reusedSocket ? resolve(send(false)) : reject(error)));
      sent.end(text);
    });
  return send(true).then(({ status, body: answer }) => {
    if (status < 300) return answer;
    throw new Error(`${method} ${url}: ${status} ${JSON.stringify(answer)}`);
  });
}

/** One case from opening to its two licences, as its applicant sees it. */
async function fileCase(base: string, token: string): Promise<void> {
  const { id } = await call<{ id: string }>("POST", `${base}/cases`, token, { bundle: "five" });
  const at = `${base}/cases/${id}`;
  await call("POST", `${at}/answers`, token, { answers: { wanted: "true" } });
  const { uses } = await call<{ uses: { id: string; ground: string }[] }>("GET", `${at}/preview`, token);
  await call("POST", `${at}/submit`, token, {
    form: { phone: "19900000901", purpose: "测速" },
    consents: uses.filter(({ ground }) => ground === "consent").map((use) => use.id),
  });
  const end = performance.now() + PATIENCE_MS;
  for (let pause = FIRST_LOOK_MS; ; pause *= 2) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const { status, outcome } = await call<{ status: string; outcome: string }>("GET", at, token);
    if (status === "closed" && outcome === "all_granted") break;
    if (status === "closed" || performance.now() > end)
      throw new Error(`case ${id} is ${status}, ${outcome}`);
  }
  const { results } = await call<{ results: unknown[] }>("GET", `${at}/results`, token);
  if (results.length !== 2) throw new Error(`case ${id} ended with ${results.length} licences`);
}

/** Watches a department's work and decides all that has come in one call, then what has come meanwhile. */
function decideAsItComes(address: string, token: string): void {
  const client = grpcClient(ApprovalServiceDefinition, address, {
    token: async () => token,
    deadlineMs: 60_000,
  });
  const waiting = new Map<string, Work>();
  let deciding = false;
  const decide = async () => {
    if (deciding) return;
    deciding = true;
    while (waiting.size > 0) {
      const batch = [...waiting.values()].slice(0, 500);
      for (const { id } of batch) waiting.delete(id);
      const { results } = await client.decideMany(
        DecideManyRequest.fromPartial({ decisions: batch.map(grant) }),
      );
      const bad = results.find(({ outcome }) => outcome?.$case !== "work");
      if (bad) throw new Error(`decideMany: ${JSON.stringify(bad)}`);
    }
    deciding = false;
  };
  const watch = async () => {
    for await (const { work } of client.watchWork({})) {
      if (work?.status !== "received" && work?.status !== "accepted") continue;
      waiting.set(work.id, work);
      setImmediate(() => decide().catch(fail));
    }
  };
  watch().catch(fail);
}

const grant = ({ id, result }: Work) => ({
  id,
  idempotencyKey: `bench-${id}`,
  decision: {
    $case: "grant" as const,
    value: { result: Object.fromEntries(result.map(({ name }) => [name, id])), opinion: "" },
  },
});

function fail(error: unknown): never {
  console.error(error);
  process.exit(1);
}

async function run(base: string, tokens: string[], { inFlight, seconds }: LoadOrder): Promise<Loaded> {
  const began = performance.now();
  const end = began + seconds * 1000;
  const times: number[] = [];
  const one = async (_: unknown, i: number) => {
    while (performance.now() < end) {
      const start = performance.now();
      await fileCase(base, tokens[i % tokens.length]!);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: inFlight }).map(one));
  agent.destroy(); // the server closes idle connections between the rounds, perhaps just as we use one
  return { times, seconds: (performance.now() - began) / 1000 };
}

const setting = JSON.parse(process.argv[2]!) as LoadSetting;
const base = `${setting.url}/api/v1`;
const tokens = await Promise.all(
  setting.accounts.map(
    async (account) => (await call<{ token: string }>("POST", `${base}/sessions`, "", account)).token,
  ),
);
for (const token of setting.departmentTokens) decideAsItComes(setting.grpcAddress, token);
process.on("message", (order: LoadOrder) => {
  run(base, tokens, order).then((loaded) => process.send!(loaded), fail);
});
process.on("disconnect", () => process.exit(0));
process.send!("ready");
