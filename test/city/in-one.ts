// The city in one process, as `npm start` starts it.
import { type Running, run } from "@onething/all-in-one/start";
import { grpcClient } from "@onething/service/client";
import type { Here, Way } from "../harness.ts";

export interface InOne extends Here {
  platform: Running["platform"];
}

export const inOne: Way<InOne> = {
  begin: async ({ config, log }, play) => {
    const { platform, simulator, city, stop } = await run(config, play, log);
    return {
      ...{ platform, city, stop },
      simulator: simulator!,
      grpc: (definition, caller) =>
        grpcClient(definition, platform.grpcAddress, {
          ...(caller ? { token: () => platform.issuer.sign(caller, 600) } : {}),
          deadlineMs: 10_000,
        }),
    };
  },
};
