// The families of the sample city that stories file for, beside those of its demo.
import type { DemoScript } from "@onething/all-in-one/demo/play";

/** The four families of the sample city. The parents of the fourth are of different ethnicity. */
export const families = (script: DemoScript): DemoScript[] =>
  ["", "2", "3", "4"].map((n, i) => ({
    ...script,
    by: `mother${n}`,
    answers: { ...script.answers, sameEthnicity: n === "4" ? "false" : "true" },
    form: {
      ...script.form,
      childName: ["周语棠", "陈星野", "唐若溪", "向知远"][i]!,
      ...(n === "4" ? { childEthnicity: "土家族" } : {}),
    },
  }));

/** A farmer of another city quarter with the resident pension, neither driver nor saver; his daughter files herself. */
export const secondFamily = (script: DemoScript): DemoScript => ({
  ...script,
  by: "heir3",
  people: [
    { role: "deceased", person: "deceased2" },
    { role: "heir", person: "heir4" },
  ],
  answers: { ...script.answers, pension: "resident", drove: "false", housingFund: "false" },
  // Typed, so that it can be filed again when the household page that knows it is cancelled.
  form: { ...script.form, deceasedAddress: "示例市南岸区石桥镇枫树村1组6号" },
});
