import { RegisterServiceDefinition } from "@onething/contracts/register/v1/register";
import { conflict, exhausted, forbidden, invalid, notFound, unavailable } from "@onething/kernel/errors";
import { createChannel, createClient } from "nice-grpc";
import { Metadata, Status } from "nice-grpc-common";
import { expect, test, vi } from "vitest";
import { grpcClient } from "./client.ts";
import { currentRequestId, withRequestId } from "./request-id.ts";
import { closers, lines, refusal, start } from "./rpc.fixture.ts";

test.each([
  invalid("number.invalid", "号码不对", "The number is not right", {
    fields: [{ field: "identityNumber", text: { zh: "校验位不对", en: "wrong check character" } }],
  }),
  notFound("a.b", "没有", "None"),
  conflict("a.b", "冲突", "Conflict"),
  forbidden("a.b", "不行", "No"),
  unavailable("a.b", "暂停", "Down"),
  exhausted("a.b", "太多", "Too many", { retryAfterMs: 1500 }),
])("a refusal ($code) comes out of the client as it went into the server", async (thrown) => {
  const { ask } = await start(async () => {
    throw thrown;
  });
  const error = await refusal(ask().ask({}));
  const { code, reason, public: text, fields, retryAfterMs } = thrown;
  expect(error).toMatchObject({ code, reason, public: text, fields, retryAfterMs });
});

test("what we did not expect leaves as INTERNAL without its words, which go to the log", async () => {
  const { ask, server, token } = await start(async () => {
    throw new Error("secret: table approval is broken");
  });
  expect(await refusal(ask().ask({}))).toMatchObject({ code: "unavailable", reason: "peer.failed" });
  const raw = createClient(RegisterServiceDefinition, createChannel(server.address));
  const metadata = Metadata({ authorization: `Bearer ${await token()}` });
  await expect(raw.ask({}, { metadata })).rejects.toMatchObject({
    code: Status.INTERNAL,
    details: "internal error",
  });
  expect(lines.some((line) => line.includes("secret: table approval"))).toBe(true);
});

test("a peer that answers too late or is not there is unavailable, and the one that waited is told so", async () => {
  const aborted = Promise.withResolvers<void>();
  const { ask } = await start(async (_request, { signal }) => {
    signal.addEventListener("abort", () => aborted.resolve());
    await aborted.promise;
    return {};
  });
  expect(await refusal(ask({ deadlineMs: 100 }).ask({}))).toMatchObject({
    code: "unavailable",
    reason: "peer.deadline",
  });
  await aborted.promise;
  const nobody = grpcClient(RegisterServiceDefinition, "127.0.0.1:1", { deadlineMs: 2_000 });
  closers.push(() => nobody.close());
  expect(await refusal(nobody.ask({}))).toMatchObject({ code: "unavailable", reason: "peer.unreachable" });
});

test("the request id goes from door to door, and comes back in the header", async () => {
  const ids: Array<string | undefined> = [];
  const inner = await start(async (_request, { requestId }) => {
    ids.push(requestId, currentRequestId());
    return {};
  });
  const onward = inner.ask();
  const outer = await start(async () => {
    await Promise.resolve();
    return await onward.ask({});
  });
  let echoed: string | undefined;
  await withRequestId("request-0001", () =>
    outer.ask().ask(
      {},
      {
        onHeader: (header) => {
          echoed = header.get("x-request-id");
        },
      },
    ),
  );
  expect(ids).toEqual(["request-0001", "request-0001"]);
  expect(echoed).toBe("request-0001");
});

test("a peer that comes back is found again by the same client", async () => {
  const first = await start(async () => ({ reference: "first" }));
  const client = first.ask();
  expect((await client.ask({})).reference).toBe("first");
  await first.server.stop();
  expect((await refusal(client.ask({}))).code).toBe("unavailable");
  await start(async () => ({ reference: "second" }), undefined, first.server.address);
  const answer = await vi.waitFor(() => client.ask({}), { timeout: 10_000 });
  expect(answer.reference).toBe("second");
});
