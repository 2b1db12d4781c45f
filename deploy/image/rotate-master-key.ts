// node deploy/image/rotate-master-key.ts: a new version of the master key, and every data key wrapped again under it, beside
// working services. Sealed texts stay as they are. Part of the command image.
import { openDatabase } from "../../packages/postgres/src/database.ts";
import { rotateMasterKey } from "../../packages/sealing/src/rotate.ts";

const { ONETHING_DATABASE_URL: url, ONETHING_MASTER_KEY_FILE: masterKeyFile } = process.env;
if (!url || !masterKeyFile) {
  process.stderr.write("ONETHING_DATABASE_URL and ONETHING_MASTER_KEY_FILE must be set.\n");
  process.exit(2);
}
const db = openDatabase({ url, schema: "keyring", role: "keyring_service", max: 1 });
try {
  const { version, rewrapped, forgotten } = await rotateMasterKey({ db, masterKeyFile });
  process.stdout.write(
    `version ${version}: ${rewrapped} data keys wrapped again, versions forgotten: ${forgotten.join(", ") || "none"}\n`,
  );
} finally {
  await db.close();
}
