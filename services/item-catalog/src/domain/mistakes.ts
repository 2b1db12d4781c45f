// What is wrong with a catalogue, and where. Proofs report all they find; nothing is published while one is left.
import { invalid, type OnethingError, type Text } from "@onething/kernel/errors";

/** Where in the catalogue: `["items", 3, "requires", 0]`; in a rule also the offset of the character. */
export interface Place {
  path: readonly PropertyKey[];
  offset?: number;
  /** The key itself is meant, not its value. */
  key?: boolean;
}

export interface Mistake {
  place: Place;
  text: Text;
}

/** A mistake with its line: `birth.yaml:12:7`. */
export interface LocatedMistake {
  at: string;
  text: Text;
}

export const mistake = (path: readonly PropertyKey[], zh: string, en: string): Mistake => ({
  place: { path },
  text: { zh, en },
});

const shown = 20;

/** One refusal for all mistakes: each with file, line and column. */
export function refusal(mistakes: readonly LocatedMistake[]): OnethingError {
  const lines = (language: "zh" | "en") =>
    mistakes
      .slice(0, shown)
      .map(({ at, text }) => `${at} ${text[language]}`)
      .join("\n");
  const more = mistakes.length > shown ? ["\n……", "\n…"] : ["", ""];
  return invalid(
    "catalog.not_publishable",
    `事项目录有 ${mistakes.length} 处错误，没有发布：\n${lines("zh")}${more[0]}`,
    `The catalogue has ${mistakes.length} mistake(s) and is not published:\n${lines("en")}${more[1]}`,
    { fields: mistakes.map(({ at, text }) => ({ field: at, text })) },
  );
}
