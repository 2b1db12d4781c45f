// Fleeting state: what replicas share and nobody misses when it is gone. Truth is never here. Whoever uses it goes on when
// it is away, paused or emptied: limits are then kept by each replica on its own, and a listener looks for itself.
import type { Rate } from "./rate.ts";

/** Without a message: some may have been lost, so look at what they would have told. */
export type Listener = (message: string | undefined) => void;

export interface Fleeting {
  /** Takes one from a bucket, for all replicas: 0 when it was there, else the milliseconds until it is. Never throws. */
  take(bucket: string, rate: Rate): Promise<number>;
  /** To every replica's listeners, this one's included; not waited for, and lost where nobody can be reached. */
  publish(channel: string, message: string): void;
  /** Returns how to leave. */
  subscribe(channel: string, listener: Listener): () => void;
  /** False while messages of others may be lost: who listens then looks more often. */
  hearsOthers(): boolean;
  stop(): Promise<void>;
}
