// Containers, where there is an engine for them. The library is loaded only when somebody asks.
import { EngineMissing } from "./engine.ts";

type Testcontainers = typeof import("testcontainers");

let asked: Promise<Testcontainers | undefined> | undefined;

/** The library, if an engine answers; its containers are removed when this process is gone, however it went. */
export function containers(): Promise<Testcontainers | undefined> {
  asked ??= import("testcontainers").then(async (library) => {
    try {
      await library.getContainerRuntimeClient();
      return library;
    } catch {
      return undefined;
    }
  });
  return asked;
}

/** An engine that answers but cannot start the image (no way to fetch it) is one way less, not the end of the search. */
export async function fromContainer<T>(start: (library: Testcontainers) => Promise<T>): Promise<T | string> {
  const library = await containers();
  if (!library) return "no container engine answers";
  try {
    return await start(library);
  } catch (error) {
    if (error instanceof EngineMissing) throw error;
    return `the container did not start: ${error instanceof Error ? error.message : String(error)}`;
  }
}
