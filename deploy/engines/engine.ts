// What tests and `demo --scaled` need from outside the program, and the words for where it cannot be had.

export interface Engine {
  /** Brokers as host:port, or redis://…. */
  url: string;
  /** One line: where it came from. */
  how: string;
  /** Where it is a process of ours, which tests may pause and kill. */
  pid?: number;
  stop(): Promise<void>;
}

/** Not to be had here: why, and the command or setting that would mend it. */
export class EngineMissing extends Error {
  readonly reason: string;
  readonly mend: string;

  constructor(reason: string, mend: string) {
    super(`${reason} To mend it: ${mend}`);
    this.name = "EngineMissing";
    this.reason = reason;
    this.mend = mend;
  }
}

/** For a test: what cannot be had is a skip that says why and what would mend it; where CI=true it is a failure. */
export async function needed<T>(found: Promise<T>, skip: (why: string) => void): Promise<T> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof EngineMissing && process.env.CI !== "true") skip(error.message);
    throw error;
  }
}
