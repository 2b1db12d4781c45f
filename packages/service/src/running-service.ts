// What a service gives back: its doors, its consumers and its journal.
import type { Consumer } from "@onething/events/consumer";
import type { Journal } from "@onething/journal/journal";
import type { Api } from "./http.ts";
import type { GaugeSpec } from "./meters.ts";
import type { RpcDoor } from "./rpc.ts";

export interface RunningService {
  name: string;
  journal: Journal;
  routes?: Api;
  rpc: RpcDoor[];
  consumers: Consumer[];
  /** Numbers an operator watches, asked for when somebody looks. */
  gauges?: readonly GaugeSpec[];
  start?(): Promise<void>;
  stop(): Promise<void>;
}
