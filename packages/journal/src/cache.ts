// Roots a process has just written or read. Whether one still stands is asked of the database by its hash at each flush, so a
// replica's change is never missed; what is saved is sending and parsing a state that is known already.
import type { Root } from "./batch.ts";

export class RootCache {
  readonly #roots = new Map<string, Root>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(stream: string): Root | undefined {
    return this.#roots.get(stream);
  }

  /** The newest stands last; the one not used for longest goes first. */
  put(stream: string, root: Root): void {
    this.#roots.delete(stream);
    this.#roots.set(stream, root);
    if (this.#roots.size > this.#limit) this.#roots.delete(this.#roots.keys().next().value as string);
  }
}
