// A law of the code: what it says, how to find what breaks it, and small trees on which it must speak up, or keep quiet.
import type { Files, Tree } from "./tree.ts";

export interface Law {
  says: string;
  /** Each with its place; none when the law is kept. */
  find(tree: Tree): string[];
  /** It must object to each of these. */
  refuses: Files[];
  /** And to none of these. */
  accepts?: Files[];
}
