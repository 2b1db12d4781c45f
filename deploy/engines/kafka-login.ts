// A login at a broker of our own, made or changed by Kafka's own tool.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { jarFolder } from "./jars.ts";
import { findJava } from "./java.ts";
import type { Broker } from "./kafka-broker.ts";

export async function setLogin({ url }: Broker, user: string, password: string): Promise<void> {
  const [java, jars] = await Promise.all([findJava(), jarFolder({})]);
  const tool = ["-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", `${jars}/*`, "kafka.admin.ConfigCommand"];
  const what = ["--alter", "--entity-type", "users", "--entity-name", user];
  const login = ["--add-config", `SCRAM-SHA-512=[iterations=4096,password=${password}]`];
  await promisify(execFile)(java.file, [...tool, "--bootstrap-server", url, ...what, ...login], {
    env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8", ...java.env },
  });
}
