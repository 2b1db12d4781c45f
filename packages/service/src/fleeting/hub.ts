// Who listens in this process. Listeners are called in turn, and keep it short.
import type { Listener } from "./port.ts";

export interface Hub {
  tell(channel: string, message: string | undefined): void;
  listen(channel: string, listener: Listener): () => void;
  clear(): void;
}

export function createHub(): Hub {
  const channels = new Map<string, Set<Listener>>();
  return {
    tell: (channel, message) => {
      for (const listener of channels.get(channel) ?? []) listener(message);
    },
    listen: (channel, listener) => {
      const listeners = channels.get(channel) ?? new Set();
      channels.set(channel, listeners);
      // A function of its own, so that one which listens twice leaves once.
      const own: Listener = (message) => listener(message);
      listeners.add(own);
      return () => {
        listeners.delete(own);
        if (listeners.size === 0 && channels.get(channel) === listeners) channels.delete(channel);
      };
    },
    clear: () => channels.clear(),
  };
}
