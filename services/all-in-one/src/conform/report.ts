// A pass report: line by line what was tried, and at the end one line that says it all.
import { OnethingError, type Text } from "@onething/kernel/errors";

export interface Line {
  says: Text;
  /** What is wrong; nothing where it passes. What it throws is wrong, too. */
  look(): Promise<Text | undefined> | Text | undefined;
  /** Where it fails, nothing after it is worth a try. */
  needed?: boolean;
}

/** Prints each line when it is known; whether all have passed. */
export async function report(lines: readonly Line[], say: (line: string) => void): Promise<boolean> {
  let passed = 0;
  for (const [at, line] of lines.entries()) {
    const wrong = await looked(line);
    say(`${wrong ? "✗ 不通过 fail" : "✓ 通过   pass"}  ${both(line.says)}`);
    if (!wrong) passed += 1;
    else say(`               ${both(wrong)}`);
    if (!wrong || !line.needed) continue;
    for (const left of lines.slice(at + 1)) say(`– 未试   left  ${both(left.says)}`);
    break;
  }
  const whole = passed === lines.length;
  say(
    `${whole ? "合格" : "不合格"}：${lines.length} 项通过 ${passed} 项 · ${whole ? "Conforms" : "Does not conform"}: ${passed} of ${lines.length} passed`,
  );
  return whole;
}

const looked = async ({ look }: Line): Promise<Text | undefined> => {
  try {
    return await look();
  } catch (error) {
    return wordsOf(error);
  }
};

export const both = ({ zh, en }: Text): string => `${zh} · ${en}`;

export function wordsOf(error: unknown): Text {
  const why = error instanceof Error ? error.message : String(error);
  if (!(error instanceof OnethingError)) return { zh: `出错：${why}`, en: `failed: ${why}` };
  const said = why === error.public.en ? "" : ` (${why})`;
  return { zh: error.public.zh, en: `${error.public.en}${said}` };
}
