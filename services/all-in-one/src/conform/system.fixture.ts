// For tests: our side played for a system, and what its report says.
import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import type { Catalogue } from "@onething/item-catalog/city";
import { type Client, createChannel, createClient } from "nice-grpc";
import { playedItems } from "./made-up.ts";
import type { Does } from "./our-side.ts";
import { report } from "./report.ts";
import { type Played, playOurSide } from "./system.ts";

interface Playing {
  department: string;
  seconds: number;
  does?: readonly Does[];
  /** Special procedures of every item, whatever the catalogue says. */
  procedures?: readonly string[];
}

export const playSystem = (
  catalogue: Catalogue,
  { department, seconds, does = [], procedures }: Playing,
): Promise<Played> =>
  playOurSide({
    ...{ department, seconds, does, address: "127.0.0.1:0" },
    items: playedItems(catalogue, department).map((item) => ({
      ...item,
      procedures: procedures ?? item.procedures,
    })),
  });

/** What the report says, and the English of the lines that fail. */
export async function judged({ judged }: Pick<Played, "judged">) {
  const said: string[] = [];
  const passed = await report(await judged, (line) => said.push(line));
  const failed = said.filter((line) => line.startsWith("✗")).map((line) => line.split(" · ").at(-1));
  return { passed, said, failed };
}

export type Door = Client<typeof ApprovalServiceDefinition>;

/** Without the manners of our own client, which sends again by itself. */
export function plainly(address: string): { api: Door; close(): void } {
  const channel = createChannel(address, undefined, { "grpc.enable_retries": 0 });
  return { api: createClient(ApprovalServiceDefinition, channel), close: () => channel.close() };
}
