// Certificates that were withdrawn before their end: `revoked.json` in the folder of a door's own certificate, looked at again
// every two seconds. A list that cannot be read changes nothing: in use is the last that could.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { invalid, unauthenticated } from "@onething/kernel/errors";
import { z } from "zod";
import type { Log } from "./log.ts";

export const withdrawnFile = "revoked.json";

const Listed = z.array(z.object({ serial: z.string(), name: z.string(), at: z.string() }));
export type Listed = z.infer<typeof Listed>;

export interface Withdrawals {
  /** Aborted, with the refusal as its reason, when the certificate of this number is withdrawn: for as long as it is listed. */
  of(serial: string): AbortSignal;
  close(): void;
}

const lookMs = 2_000;

/** Errors: `tls.revoked_unreadable`, where there is a list and it cannot be read at first. */
export async function openWithdrawals(
  folder: string,
  log: Pick<Log, "error" | "info">,
): Promise<Withdrawals> {
  const signals = new Map<string, AbortController>();
  let listed = new Set<string>();
  let complaint = "";
  const controllerOf = (serial: string): AbortController => {
    const number = plain(serial);
    const known = signals.get(number) ?? new AbortController();
    signals.set(number, known);
    if (listed.has(number) && !known.signal.aborted) known.abort(withdrawn());
    return known;
  };
  const look = async (): Promise<void> => {
    const next = new Set((await readWithdrawn(folder)).map(({ serial }) => plain(serial)));
    for (const number of listed) if (!next.has(number)) signals.delete(number);
    const added = [...next].filter((number) => !listed.has(number));
    listed = next;
    complaint = "";
    if (added.length > 0) log.info({ folder, serials: added }, "certificates are withdrawn");
    for (const number of added) if (signals.has(number)) controllerOf(number);
  };
  await look();
  const timer = setInterval(() => {
    look().catch((error: Error) => {
      if (error.message !== complaint)
        log.error({ err: error, folder }, "the list of withdrawn certificates cannot be read");
      complaint = error.message;
    });
  }, lookMs).unref();
  return { of: (serial) => controllerOf(serial).signal, close: () => clearInterval(timer) };
}

/** Without a list none is withdrawn. Errors: `tls.revoked_unreadable`. */
export async function readWithdrawn(folder: string): Promise<Listed> {
  const file = join(folder, withdrawnFile);
  try {
    return Listed.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw invalid(
      "tls.revoked_unreadable",
      `已吊销证书的清单不能读取：${file} 应为 [{"serial","name","at"}]`,
      `The list of withdrawn certificates cannot be read: ${file} should be [{"serial","name","at"}]`,
      { cause },
    );
  }
}

/** Numbers are written with colons, in small letters or with a zero before: it is the same number. */
const plain = (serial: string): string => serial.replaceAll(":", "").toUpperCase().replace(/^0+/, "");

const withdrawn = () =>
  unauthenticated(
    "certificate.revoked",
    "您的证书已被吊销，请联系运维重新签发",
    "Your certificate has been withdrawn; ask operations for a new one",
  );
