// node deploy/k8s/secrets.ts <folder> [> secrets.yaml]
// Makes what is missing of the secrets of an installation: passwords, the addresses that hold them, the master key; writes
// them into the folder (deploy/compose.yaml reads it there) and prints them as Kubernetes objects. What is there stays as it
// is, so it may be run again at any time. Certificates are made by `onething certs <folder>/certs`, before.
import { randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { createMasterFile } from "../../packages/sealing/src/master-key.ts";

const services = ["item-catalog", "verification", "licence-registry", "approval-workflow", "case-window"];
/** Users of the images. */
const onething = 10001;
const postgresUser = 999;

const folder = resolve(process.argv[2] ?? "secrets");
const at = (...path: string[]) => join(folder, ...path);
// issuer: where the sample city's own issuer of tokens keeps its key.
for (const one of [folder, at("postgres"), at("keys"), at("issuer")])
  mkdirSync(one, { recursive: true, mode: 0o700 });

/** In a folder of its own: who mounts the folder sees a rotation, who mounts the file does not. */
const masterKey = at("keys", "master.json");

const logins = ["postgres", "backup", ...services];
const passwords = Object.fromEntries(logins.map((login) => [login, secret(at("postgres", login))]));
const redis = secret(at("redis-password"));
const redisUrl = `redis://:${redis}@redis:6379`;
const urlOf = (login: string): string => `postgres://${login}:${passwords[login]}@postgres:5432/postgres`;

keep(at("redis.conf"), `requirepass ${redis}\n`);
keep(at("front.env"), `ONETHING_REDIS_URL=${redisUrl}\n`);
keep(at("migrate.env"), `ONETHING_DATABASE_URL=${urlOf("postgres")}\n`);
for (const name of services)
  keep(at(`${name}.env`), `ONETHING_DATABASE_URL=${urlOf(name)}\nONETHING_REDIS_URL=${redisUrl}\n`);
if (!existsSync(masterKey)) await createMasterFile(masterKey);
own();

const objects = [
  opaque("postgres", passwords),
  opaque("migrate-database", { url: urlOf("postgres") }),
  ...services.map((name) => opaque(`${name}-database`, { url: urlOf(name) })),
  opaque("redis", { password: redis, url: redisUrl }),
  opaque("master-key", { "master.json": readFileSync(masterKey, "utf8") }),
  ...kafkaAccess(),
  ...certificates(),
];
process.stdout.write(objects.map((each) => `---\n${JSON.stringify(each, null, 2)}\n`).join(""));

/** Kept, or made: 32 characters that need no quoting in a URL. */
function secret(file: string): string {
  keep(file, randomBytes(24).toString("base64url"));
  return readFileSync(file, "utf8").trim();
}

function keep(file: string, text: string): void {
  if (!existsSync(file)) writeFileSync(file, text, { mode: 0o600 });
}

function opaque(name: string, stringData: Record<string, string>) {
  return object(name, "Opaque", stringData);
}

function object(name: string, type: string, stringData: Record<string, string>) {
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "onething" }, type, stringData };
}

function certificates() {
  if (!existsSync(at("certs"))) {
    process.stderr.write(
      `There are no certificates in ${at("certs")}: make them with \`onething certs\` first.\n`,
    );
    return [];
  }
  return [...services, "front"].map((name) => {
    const pem = (file: string) => readFileSync(at("certs", name, file), "utf8");
    const revoked = existsSync(at("certs", name, "revoked.json")) ? pem("revoked.json") : "[]";
    return object(`${name}-tls`, "kubernetes.io/tls", {
      "ca.crt": pem("ca.pem"),
      "tls.crt": pem("cert.pem"),
      "tls.key": pem("key.pem"),
      "revoked.json": revoked,
    });
  });
}

/** For a Kafka that asks for TLS and a login: put there by hand, from those who run it. */
function kafkaAccess() {
  if (!existsSync(at("kafka"))) return [];
  // An end of line, as editors leave it, is no part of a name.
  const files = readdirSync(at("kafka")).map((name) => [
    name,
    readFileSync(at("kafka", name), "utf8").trimEnd(),
  ]);
  return [opaque("kafka-access", Object.fromEntries(files))];
}

/** Containers read these files as users of their own; only root can give them away. */
function own(): void {
  if (process.getuid?.() !== 0) return;
  give(at("keys"), onething);
  give(at("issuer"), onething);
  give(at("postgres"), postgresUser);
  give(at("redis.conf"), postgresUser);
  if (!existsSync(at("certs"))) return;
  for (const { name } of readdirSync(at("certs"), { withFileTypes: true }).filter((each) =>
    each.isDirectory(),
  ))
    if (name !== "operator") give(at("certs", name), onething);
}

function give(path: string, user: number): void {
  chownSync(path, user, user);
  if (statSync(path).isDirectory()) for (const name of readdirSync(path)) give(join(path, name), user);
}
