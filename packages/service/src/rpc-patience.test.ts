// A gRPC door with a handler that never answers, a caller that never reads, and a message that is too large: each hurts itself
// alone, and hears why.
import { setTimeout as sleep } from "node:timers/promises";
import { RegisterServiceDefinition } from "@onething/contracts/register/v1/register";
import { createChannel, createClient } from "nice-grpc";
import { Metadata } from "nice-grpc-common";
import { expect, test } from "vitest";
import { grpcClient } from "./client.ts";
import { closers, refusal, start, TellDefinition, WatchDefinition } from "./rpc.fixture.ts";

const short = { callMs: 150, readerMs: 150 };
const kilobytes = "x".repeat(10_000);

/** A door whose stream never ends: how many messages it made, and when it was over. */
async function endless(readerMs: number) {
  const made = { messages: 0 };
  const over = Promise.withResolvers<void>();
  const door = await start(
    async () => ({ found: true }),
    async function* () {
      try {
        for (; ; made.messages++) yield { requestId: String(made.messages), fields: { note: kilobytes } };
      } finally {
        over.resolve();
      }
    },
    undefined,
    undefined,
    { callMs: 5_000, readerMs },
  );
  const client = grpcClient(WatchDefinition, door.server.address, { token: door.token, deadlineMs: 5_000 });
  closers.push(() => client.close());
  return { ...door, made, over: over.promise, client };
}

/** Reads on to the end. */
async function read<T>(stream: AsyncIterator<T>, seen: T[] = []): Promise<void> {
  for (let step = await stream.next(); !step.done; step = await stream.next()) seen.push(step.value);
}

test("a call that names no deadline ends at the door's own, in words, and its handler is told", async () => {
  const told = Promise.withResolvers<void>();
  const { server, token, ask } = await start(
    ({ purpose }, { signal }) => {
      if (purpose !== "hang") return Promise.resolve({ found: true });
      signal.addEventListener("abort", () => told.resolve());
      return new Promise(() => {});
    },
    ...([undefined, undefined, undefined, short] as const),
  );
  const error = await refusal(ask({ deadlineMs: 20_000 }).ask({ purpose: "hang" }));
  expect(error).toMatchObject({ code: "unavailable", reason: "call.too_long" });
  expect(error.public.zh).toMatch(/同一 idempotency_key/);
  expect(error.public.en).toMatch(/the same idempotency_key/);
  await told.promise;
  // As a client of somebody else's making sees it: a status that it does not repeat by itself.
  const channel = createChannel(server.address);
  closers.push(() => channel.close());
  const metadata = Metadata({ authorization: `Bearer ${await token()}` });
  const plain = createClient(RegisterServiceDefinition, channel);
  await expect(plain.ask({ purpose: "hang" }, { metadata })).rejects.toMatchObject({
    details: expect.stringMatching(/took too long/),
    code: 4,
  });
  expect((await ask().ask({})).found).toBe(true);
});

/** Messages with pauses between, and then a pause before the end. */
async function* slowly(pauses: readonly number[]) {
  for (const ms of pauses) {
    yield {};
    await sleep(ms);
  }
}

test("a caller that sends a stream has longer than one call, as long as something comes", async () => {
  const door = [
    async () => ({ found: true }),
    undefined,
    undefined,
    undefined,
    { callMs: 400, readerMs: 400 },
  ] as const;
  const { server, token } = await start(...door);
  const client = grpcClient(TellDefinition, server.address, { token, deadlineMs: 20_000 });
  closers.push(() => client.close());
  expect((await client.tell(slowly([200, 200, 200, 200]))).reference).toBe("4");
  expect(await refusal(client.tell(slowly([200, 200, 2_000])))).toMatchObject({ reason: "call.too_long" });
});

test("a caller that never reads costs a few messages, not all, and is cut off after a while; others go on", async () => {
  const { made, over, client, ask } = await endless(300);
  const stream = client.watch({})[Symbol.asyncIterator]();
  expect((await stream.next()).value).toMatchObject({ requestId: "0" });
  await sleep(150);
  const held = made.messages;
  expect(held).toBeLessThan(100);
  expect((await ask().ask({})).found).toBe(true);
  await over;
  expect(made.messages).toBe(held);
  expect((await ask().ask({})).found).toBe(true);
  const error = await refusal(read(stream));
  expect(error).toMatchObject({ code: "exhausted" });
});

test("a caller that reads again before the cut is through hears why, behind the messages that it had not read", async () => {
  const { made, client } = await endless(1_000);
  const stream = client.watch({})[Symbol.asyncIterator]();
  await stream.next();
  await sleep(1_300);
  const seen: { requestId: string }[] = [];
  const error = await refusal(read(stream, seen));
  expect(error).toMatchObject({ code: "exhausted", reason: "stream.unread" });
  expect(error.public.zh).toMatch(/游标/);
  expect(error.public.en).toMatch(/cursor/);
  expect(seen.map(({ requestId }) => requestId)).toEqual(seen.map((_, i) => String(i + 1)));
  expect(seen.length).toBeLessThanOrEqual(made.messages);
});

test("a slow reader that does read is not cut off", async () => {
  const { client } = await endless(200);
  let seen = 0;
  for await (const _ of client.watch({})) {
    if (++seen === 40) break;
    await sleep(10);
  }
  expect(seen).toBe(40);
});

test("a message that is too large is refused in words; a stream on the same connection goes on", async () => {
  const { server, token, ask } = await start(
    async () => ({ found: true }),
    async function* () {
      for (let i = 0; ; i++) yield { requestId: String(i) };
    },
  );
  const client = grpcClient(WatchDefinition, server.address, { token, deadlineMs: 5_000 });
  closers.push(() => client.close());
  const stream = client.watch({})[Symbol.asyncIterator]();
  await stream.next();
  const error = await refusal(ask().ask({ purpose: "x".repeat(5_000_000) }));
  expect(error).toMatchObject({ code: "exhausted", reason: "message.too_large" });
  expect(error.public).toEqual({
    zh: "消息过大：一条消息不超过 4 MB，请分次发送",
    en: "The message is too large: one holds at most 4 MB; send it in parts",
  });
  // Somebody else's client sends it all the same.
  const channel = createChannel(server.address);
  closers.push(() => channel.close());
  const plain = createClient(RegisterServiceDefinition, channel);
  const metadata = Metadata({ authorization: `Bearer ${await token()}` });
  const inFlight = createClient(WatchDefinition, channel).watch({}, { metadata })[Symbol.asyncIterator]();
  await inFlight.next();
  await expect(plain.ask({ purpose: "x".repeat(5_000_000) }, { metadata })).rejects.toMatchObject({
    details: expect.stringMatching(/message larger than max/),
    code: 8,
  });
  expect((await inFlight.next()).value).toMatchObject({ requestId: "1" });
  expect((await plain.ask({}, { metadata })).found).toBe(true);
  await inFlight.return?.();
  expect((await stream.next()).value).toMatchObject({ requestId: "1" });
  await stream.return?.();
});
