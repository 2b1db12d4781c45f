// Targets that list the replicas of a peer: `replicas:host:port,host:port`. Hosts may be names: each is looked up, all its
// addresses are used, and it is looked up again when a connection is lost and from time to time, as replicas come and go.
import { lookup } from "node:dns/promises";
import { experimental, Metadata, status } from "@grpc/grpc-js";

const scheme = "replicas";
const refreshMs = 10_000;
/** Lost connections come in crowds. */
const soonestMs = 1_000;

/** The target of a list. */
export const replicasTarget = (addresses: string): string => `${scheme}:${addresses}`;

async function everyAddress(hostPort: string): Promise<experimental.Endpoint[]> {
  const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(hostPort.trim())!;
  const found = await lookup(host!, { all: true });
  return found.map(({ address }) => ({ addresses: [{ host: address, port: Number(port) }] }));
}

class Replicas implements experimental.Resolver {
  private readonly hosts: string[];
  private readonly listener: experimental.ResolverListener;
  private timer: NodeJS.Timeout | undefined;
  private looking = false;
  private lookedAt = Number.NEGATIVE_INFINITY;

  constructor(target: experimental.GrpcUri, listener: experimental.ResolverListener) {
    this.hosts = target.path.split(",");
    this.listener = listener;
  }

  updateResolution(): void {
    if (this.looking) return;
    const wait = Math.max(0, this.lookedAt + soonestMs - performance.now());
    this.again(wait);
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private again(ms: number): void {
    clearTimeout(this.timer);
    const timer = setTimeout(() => this.look(timer), ms).unref();
    this.timer = timer;
  }

  private async look(timer: NodeJS.Timeout): Promise<void> {
    this.looking = true;
    this.lookedAt = performance.now();
    const looked = await Promise.allSettled(this.hosts.map(everyAddress));
    this.looking = false;
    if (this.timer !== timer) return;
    const found = looked.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
    const why = looked.flatMap((each) => (each.status === "rejected" ? [String(each.reason)] : []));
    const result: experimental.StatusOr<experimental.Endpoint[]> =
      found.length > 0
        ? experimental.statusOrFromValue(found)
        : experimental.statusOrFromError({
            code: status.UNAVAILABLE,
            details: `Name resolution failed: ${why.join("; ")}`,
            metadata: new Metadata(),
          });
    this.listener(result, {}, null, why.join("; "));
    // One that has no addresses waits for the channel to ask again, which it does with growing pauses.
    this.again(refreshMs);
  }

  static getDefaultAuthority({ path }: experimental.GrpcUri): string {
    return path.split(",")[0]!.replace(/:\d+$/, "");
  }
}

experimental.registerResolver(scheme, Replicas);
