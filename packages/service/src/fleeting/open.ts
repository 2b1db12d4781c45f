// Which fleeting state a process has: in Redis where one is named, else its own.
import { createMemoryFleeting } from "./memory.ts";
import type { Fleeting } from "./port.ts";
import { createRedisFleeting, type RedisOptions } from "./redis.ts";

export const openFleeting = (url: string | undefined, log: RedisOptions["log"]): Fleeting =>
  url ? createRedisFleeting({ url, log }) : createMemoryFleeting();
