// What a command is told on its line: a word or an option that it does not know must not be passed over in silence.
export interface Usage {
  usage: string;
  /** Names of its options, without dashes. */
  options?: readonly string[];
  /** How many words it takes besides. */
  words?: number;
}

/** What is wrong with the line, for people; undefined where nothing is. */
export function usageProblem(
  { options = [], words = 0 }: Usage,
  args: readonly string[],
): string | undefined {
  const unknown = args.find(
    (each) => each.startsWith("-") && !options.includes(each.replace(/^--/, "").replace(/=.*/s, "")),
  );
  if (unknown) return `没有这个选项 · No such option: ${unknown}`;
  const given = args.filter((each) => !each.startsWith("-"));
  return given.length > words ? `多余的参数 · Not expected: ${given[words]}` : undefined;
}
