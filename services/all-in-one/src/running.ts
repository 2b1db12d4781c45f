// Everything that runs after a start, and how to stop it.
import type { Simulator } from "@onething/department-simulator/service";
import type { ReadCity } from "@onething/item-catalog/city";
import type { Platform } from "./platform.ts";
import type { Storage } from "./storage.ts";

export interface Running {
  platform: Platform;
  simulator: Simulator | undefined;
  city: ReadCity;
  storage: Storage;
  stop(): Promise<void>;
}
