// Answers to the bundle's questions: each is of its question's kind, none is missing, none is of another bundle.
import { type FieldProblem, invalid } from "@onething/kernel/errors";
import { fieldProblem } from "@onething/kernel/fields";
import type { Bundle, Question } from "./language/bundle.ts";
import { type Answers, holds, questionsIn } from "./rules/evaluate.ts";

/** All questions answered; throws `catalog.wrong_answers` with one problem a question, or `catalog.not_eligible`. */
export function readAnswers(bundle: Bundle, given: Answers): Answers {
  const known = new Set(bundle.questions.map(({ id }) => id));
  const strange = Object.keys(given)
    .filter((id) => !known.has(id))
    .map((id) => problem(id, "本件事没有这个问题", "this bundle has no such question"));
  const wrong = bundle.questions.flatMap((question) => {
    const text = problemOf(question, answerTo(question, given));
    return text ? [problem(question.id, text.zh, text.en)] : [];
  });
  const problems = [...strange, ...wrong];
  if (problems.length > 0)
    throw invalid(
      "catalog.wrong_answers",
      "有的回答不对，请按提示修改",
      "Some answers are not right; see each of them",
      {
        fields: problems,
      },
    );
  const answers = Object.fromEntries(
    bundle.questions.map((question) => [question.id, answerTo(question, given)]),
  );
  mustBeEligible(bundle, answers);
  return answers;
}

/** An answer left empty is none: the question's default stands. */
const answerTo = ({ id, default: usual = "" }: Question, given: Answers): string =>
  Object.hasOwn(given, id) && given[id] !== "" ? given[id]! : usual;

const problemOf = ({ id, text, type, required, choices }: Question, answer: string) =>
  fieldProblem({ name: id, label: text, type, required, choices: choices.map(({ value }) => value) }, answer);

const problem = (id: string, zh: string, en: string): FieldProblem => ({
  field: `answers.${id}`,
  text: { zh, en },
});

function mustBeEligible({ eligibility }: Bundle, answers: Answers): void {
  const failed = eligibility.filter(({ rule }) => !holds(rule, answers));
  const [first] = failed;
  if (!first) return;
  throw invalid("catalog.not_eligible", first.why.zh, first.why.en, {
    fields: failed.flatMap(({ rule, why }) => questionsIn(rule).map((id) => problem(id, why.zh, why.en))),
  });
}
