// `onething simulator`: the department simulator beside a platform of processes, for trying it out. It comes in as any
// department's system does, by certificate.
import { readCity } from "@onething/item-catalog/city";
import { invalid } from "@onething/kernel/errors";
import { certificateFolder } from "@onething/service/certificates";
import { stopAsked } from "@onething/service/leaving";
import { createLog } from "@onething/service/log";
import { departmentName } from "@onething/service/tls";
import { simulate } from "../simulate.ts";
import type { SimulatorConfig } from "./config.ts";

const approval = "approval-workflow";

export async function runSimulator(config: SimulatorConfig): Promise<number> {
  const asked = stopAsked();
  const approvalAddress = config.peers[approval];
  if (!approvalAddress)
    throw invalid(
      "config.no_peer",
      `ONETHING_PEERS 里没有 ${approval}`,
      `ONETHING_PEERS does not say where ${approval} is`,
    );
  const log = createLog({ service: "department-simulator", level: config.logLevel });
  const listening = Object.entries(config.registers).map(([code, at]) => [
    code,
    at.replace(/^.*:/, "0.0.0.0:"),
  ]);
  const simulator = await simulate({
    city: await readCity(config.catalogue),
    registers: {},
    listen: Object.fromEntries(listening),
    keys: config.data,
    log,
    departments: {
      approvalAddress,
      token: async () => "",
      tls: {
        server: certificateFolder(config.certificates, "department-simulator"),
        of: (code) => certificateFolder(config.certificates, departmentName(code)),
        approval,
      },
    },
  });
  log.info({ registers: simulator.registers }, "ready");
  await asked;
  log.info("leaving");
  await simulator.stop();
  return 0;
}
