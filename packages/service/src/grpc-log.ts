// What the gRPC library and our certificates have to say goes into the log like everything else: lines of JSON.
import { setLogger } from "@grpc/grpc-js";
import { logCertificatesTo } from "./certificate-files.ts";
import type { Log } from "./log.ts";

/** Once a process. */
export function logGrpcTo(log: Log): void {
  const say =
    (level: "error" | "info" | "debug") =>
    (...words: unknown[]): void =>
      log[level]({ from: "grpc" }, words.map(String).join(" "));
  setLogger({ error: say("error"), info: say("info"), debug: say("debug") });
  logCertificatesTo(log);
}
