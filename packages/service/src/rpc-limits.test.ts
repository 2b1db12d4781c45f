import { RegisterServiceDefinition } from "@onething/contracts/register/v1/register";
import { createChannel, createClient, type Metadata, Metadata as metadataOf } from "nice-grpc";
import { Status } from "nice-grpc-common";
import { expect, test } from "vitest";
import { createLimiter } from "./fleeting/limits.ts";
import { createMemoryFleeting } from "./fleeting/memory.ts";
import { closers, hospital, issuer, refusal, start } from "./rpc.fixture.ts";
import { limitedDoor, rpcLimitsSuite, someDepartment } from "./rpc-limits.fixture.ts";

rpcLimitsSuite("in memory", async () => {
  const one = createMemoryFleeting();
  return { one, other: one, close: () => one.stop() };
});

test("a client that knows nothing of us reads the status and, in a trailer, the seconds to wait", async () => {
  const limiter = createLimiter(createMemoryFleeting(), { department: 1 });
  const { server, meters } = await start(async () => ({}), undefined, "127.0.0.1:0", limiter);
  const channel = createChannel(server.address);
  closers.push(() => channel.close());
  const client = createClient(RegisterServiceDefinition, channel);
  const metadata = metadataOf({ authorization: `Bearer ${await issuer.sign(hospital, 60)}` });
  let trailer: Metadata | undefined;
  const onTrailer = (received: Metadata) => {
    trailer = received;
  };
  const ask = () => client.ask({}, { metadata, onTrailer });
  await ask();
  expect(trailer?.get("retry-after")).toBeUndefined();
  await expect(ask()).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
  expect(trailer?.get("retry-after")).toBe("60");
  const codes = (await meters.expose()).text.match(/onething_grpc_calls_total\{.*code="\w+"/g);
  expect(codes?.filter((line) => line.includes("RESOURCE_EXHAUSTED"))).toHaveLength(1);
});

test("who is not let in spends nothing, and `off` limits nobody", async () => {
  const fleeting = createMemoryFleeting();
  const narrow = await limitedDoor(fleeting, { department: 1, citizen: 1 });
  const citizen = { sub: "c", role: "citizen" } as const;
  for (let i = 0; i < 3; i += 1)
    expect(await refusal(narrow.ask(citizen))).toMatchObject({ code: "forbidden" });
  const open = await limitedDoor(fleeting, {});
  const mine = someDepartment();
  for (let i = 0; i < 20; i += 1) expect((await open.ask(mine)).found).toBe(true);
});
