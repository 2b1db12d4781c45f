// How a department's system comes in at the platform's door, and how it asks again while the platform is away or busy.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ChannelCredentials, createChannel } from "nice-grpc";
import { ClientError, Metadata, Status } from "nice-grpc-common";

/** Options of a command line, for `parseArgs`. */
export const connection = {
  address: { type: "string", default: "127.0.0.1:8081" },
  /** Folder with ca.pem, cert.pem and key.pem; the certificate says who we are. */
  tls: { type: "string" },
  /** Whom the platform's certificate names. */
  name: { type: "string", default: "approval-workflow" },
  /** Without a certificate: account of the sample city, and where it signs in; an empty one does not. */
  account: { type: "string", default: "system-health" },
  password: { type: "string", default: "onething" },
  door: { type: "string", default: "http://127.0.0.1:8080" },
  /** On whose behalf, in our own books. */
  officer: { type: "string" },
} as const;

type Told = { [K in keyof typeof connection]?: string | undefined };

const callDeadlineMs = 10_000;
const longestPauseMs = 5_000;
const passing = [Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED, Status.RESOURCE_EXHAUSTED];

export const pauseMs = (attempt: number): number =>
  Math.min(longestPauseMs, 200 * 2 ** Math.min(attempt, 10));

export interface CallOptions {
  metadata: Metadata;
  deadline: number;
  onTrailer(trailer: Metadata): void;
}

/** Says why a call was refused, and how long to stay away. */
export class Refused extends Error {
  readonly status: Status;
  readonly reason: string;
  readonly waitMs: number;
  constructor(error: ClientError, trailer: Metadata | undefined) {
    const bytes = trailer?.get("onething-problem-bin");
    const problem = bytes ? JSON.parse(Buffer.from(bytes).toString()) : {};
    super(`${Status[error.code]} ${problem.reason ?? ""} ${problem.zh ?? error.details} ${problem.en ?? ""}`);
    this.status = error.code;
    this.reason = problem.reason ?? "";
    this.waitMs = Number(trailer?.get("retry-after") ?? 0) * 1000;
  }
}

export function connect(told: Told) {
  const channel = createChannel(told.address!, credentials(told), {
    // A line that died without a word is noticed after 40 s.
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 10_000,
    ...(told.tls ? { "grpc.ssl_target_name_override": told.name } : {}),
  });
  let token: string | undefined;

  async function metadata(): Promise<Metadata> {
    const headers = Metadata();
    if (!told.tls && told.account) {
      token ??= await signIn(told);
      headers.set("authorization", `Bearer ${token}`);
    }
    if (told.officer) headers.set("onething-officer", told.officer);
    return headers;
  }

  /** The very same request again and again, with the same key, while the platform is away or busy. */
  async function patiently<A>(call: (options: CallOptions) => Promise<A>): Promise<A> {
    for (let attempt = 0; ; attempt++) {
      let trailer: Metadata | undefined;
      const onTrailer = (received: Metadata) => {
        trailer = received;
      };
      try {
        return await call({ metadata: await metadata(), deadline: callDeadlineMs, onTrailer });
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
        const refused = new Refused(error, trailer);
        if (refused.status === Status.UNAUTHENTICATED && attempt === 0) token = undefined;
        else if (!passing.includes(refused.status)) throw refused;
        await sleep(Math.max(refused.waitMs, pauseMs(attempt)));
      }
    }
  }
  /** The next call signs in anew. */
  const signOut = (): void => {
    token = undefined;
  };
  return { channel, metadata, patiently, signOut };
}

function credentials({ tls }: Told): ChannelCredentials {
  if (!tls) return ChannelCredentials.createInsecure();
  const [ca, key, cert] = ["ca.pem", "key.pem", "cert.pem"].map((file) => readFileSync(join(tls, file)));
  return ChannelCredentials.createSsl(ca, key, cert);
}

async function signIn({ door, account: username, password }: Told): Promise<string> {
  const answer = await fetch(`${door}/api/v1/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, password }),
  });
  if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { token: string }).token;
}
