// `onething rotate-master-key [prepare | finish]`: a new version of the master key, and every data key wrapped again under it,
// beside working services. In one go where they read the very file; in two steps where the file is given to them in between.
import { invalid } from "@onething/kernel/errors";
import { openDatabase } from "@onething/postgres/database";
import { finishRotation, prepareRotation, rotateMasterKey } from "@onething/sealing/keyring";
import { notUsable } from "../storage.ts";
import { readSettings } from "./config.ts";

const usage = "onething rotate-master-key [prepare | finish]";

export async function runRotateMasterKey([step, ...rest]: string[]): Promise<number> {
  if (rest.length > 0 || (step !== undefined && step !== "prepare" && step !== "finish"))
    throw invalid("rotate.usage", `用法：${usage}`, `Usage: ${usage}`);
  if (step === "prepare") return await prepare();
  const { databaseUrl: url, masterKeyFile } = readSettings("databaseUrl", "masterKeyFile");
  const db = openDatabase({ url, schema: "keyring", role: "keyring_service", max: 1 });
  try {
    const rotate = step === "finish" ? finishRotation : rotateMasterKey;
    const { version, rewrapped, forgotten } = await rotate({ db, masterKeyFile, onWait: say });
    console.log(
      `主密钥已是第 ${version} 版，重新加密了 ${rewrapped} 把数据密钥 · Master key version ${version}: ${rewrapped} data keys wrapped again`,
    );
    if (forgotten.length > 0) console.log(`已删除旧版 · Versions forgotten: ${forgotten.join(", ")}`);
    console.log(`请把文件另存到保险处 · Copy the file to its safe: ${masterKeyFile}`);
    return 0;
  } catch (error) {
    throw isDatabases(error) ? notUsable(error) : error;
  } finally {
    await db.close();
  }
}

async function prepare(): Promise<number> {
  const { masterKeyFile } = readSettings("masterKeyFile");
  const version = await prepareRotation({ masterKeyFile });
  console.log(
    `主密钥第 ${version} 版已在文件中，尚未使用 · Version ${version} is in the file, not used yet: ${masterKeyFile}`,
  );
  console.log(
    "请把文件另存到保险处并交给每个进程，然后执行 finish · Copy it to its safe, give it to every process, then run finish",
  );
  return 0;
}

const say = (names: string[]): void =>
  console.log(
    `等待这些进程拿到新主密钥 · Waiting until these have it:\n${names.map((name) => `  ${name}\n`).join("")}`,
  );

/** PostgreSQL's own refusals: a login that may not, a schema that is not there. */
const isDatabases = (error: unknown): boolean => error instanceof Error && "severity" in error;
