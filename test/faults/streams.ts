// A reader of a case's live timeline as a browser would be one: it comes back after every end, with the id of the last
// message, until it is told that nothing more will come.
import { setTimeout as sleep } from "node:timers/promises";

export interface Message {
  id: number;
  at: string;
  item: string;
  zh: string;
  en: string;
}

export interface Reader {
  messages: Message[];
  /** How often it had to come back. */
  returns: number;
  /** Times between a message's instant and its arrival, milliseconds. */
  delays: number[];
  done: Promise<void>;
}

const comeBackMs = 100;

/** `ask` sends the request; it may go to another place each time. */
export function readStream(
  ask: (headers: Record<string, string>) => Promise<Response>,
  patienceMs = 60_000,
): Reader {
  const reader: Reader = { messages: [], returns: -1, delays: [], done: Promise.resolve() };
  reader.done = follow(reader, ask, Date.now() + patienceMs);
  return reader;
}

async function follow(
  reader: Reader,
  ask: (headers: Record<string, string>) => Promise<Response>,
  end: number,
): Promise<void> {
  for (; Date.now() < end; await sleep(comeBackMs)) {
    const last = reader.messages.at(-1)?.id;
    reader.returns++;
    try {
      const response = await ask(last === undefined ? {} : { "last-event-id": String(last) });
      if (response.status === 204) return;
      if (response.status === 200) await read(response, reader);
      else if (response.status < 500) throw new Refused(`${response.status} ${await response.text()}`);
    } catch (error) {
      if (error instanceof Refused) throw error;
      // The connection was lost, or nobody answers just now.
    }
  }
  throw new Error(`the stream never ended: ${JSON.stringify(reader.messages)}`);
}

class Refused extends Error {}

async function read(response: Response, reader: Reader): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of response.body!) {
    text += decoder.decode(part, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop()!;
    for (const block of blocks) {
      const fields = Object.fromEntries(
        block.split("\n").map((line) => line.split(/: (.*)/s) as [string, string]),
      );
      if (!fields.data) continue;
      const message = { id: Number(fields.id), ...JSON.parse(fields.data) } as Message;
      reader.messages.push(message);
      reader.delays.push(Date.now() - Date.parse(message.at));
    }
  }
}
