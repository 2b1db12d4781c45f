// How brokers are known and how they know us: TLS under their authority's certificate, and a login (SCRAM-SHA-512).
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { connect } from "node:tls";
import { invalid, type OnethingError } from "@onething/kernel/errors";
import type { ISocketFactory, KafkaConfig, SASLOptions } from "kafkajs";

export interface KafkaAccess {
  /** Folder with ca.pem, and with cert.pem and key.pem where brokers ask for a certificate. Without it: no TLS. */
  tls?: string | undefined;
  /** Its password stands in the file; only over TLS. */
  user?: string | undefined;
  passwordFile?: string | undefined;
}

const keepAliveMs = 60_000;

/** Settings of kafkajs. Files are read for every new connection: what was renewed needs no restart. */
export function accessSettings({ tls, user, passwordFile }: KafkaAccess): Partial<KafkaConfig> {
  if ((user === undefined) !== (passwordFile === undefined)) throw halfALogin();
  if (user !== undefined && tls === undefined) throw loginInClear();
  if (tls === undefined) return {};
  pems(tls);
  const settings = { ssl: true, socketFactory: overTls(tls) };
  if (user === undefined) return settings;
  password(passwordFile!);
  const sasl: SASLOptions = {
    mechanism: "scram-sha-512",
    username: user,
    get password() {
      return password(passwordFile!);
    },
  };
  return { ...settings, sasl };
}

const overTls =
  (folder: string): ISocketFactory =>
  ({ host, port, onConnect }) => {
    const servername = isIP(host) ? {} : { servername: host };
    const socket = connect({ host, port, ...servername, ...pems(folder), minVersion: "TLSv1.2" }, onConnect);
    return socket.setKeepAlive(true, keepAliveMs);
  };

function pems(folder: string): { ca: Buffer; cert?: Buffer; key?: Buffer } {
  const ca = readOrRefuse(join(folder, "ca.pem"));
  const [cert, key] = ["cert.pem", "key.pem"].map((name) => readIfThere(join(folder, name)));
  return { ca, ...(cert && key ? { cert, key } : {}) };
}

const password = (file: string): string =>
  readOrRefuse(file)
    .toString("utf8")
    .replace(/\r?\n$/, "");

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(file, error);
  }
}

function readOrRefuse(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

const unreadable = (file: string, cause: unknown): OnethingError =>
  invalid(
    "kafka.unreadable",
    `读不到连接 Kafka 所需的文件 ${file}`,
    `${file}, needed to reach Kafka, cannot be read`,
    {
      cause,
    },
  );

const halfALogin = (): OnethingError =>
  invalid(
    "kafka.half_a_login",
    "ONETHING_KAFKA_USER 与 ONETHING_KAFKA_PASSWORD_FILE 必须同时设置",
    "ONETHING_KAFKA_USER and ONETHING_KAFKA_PASSWORD_FILE go together",
  );

const loginInClear = (): OnethingError =>
  invalid(
    "kafka.login_in_clear",
    "使用 ONETHING_KAFKA_USER 时必须设置 ONETHING_KAFKA_TLS：不经加密的连接不登录",
    "ONETHING_KAFKA_USER needs ONETHING_KAFKA_TLS: no login over a connection that is not encrypted",
  );
