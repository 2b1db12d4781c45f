// Why it was decided as it was, in words: what was looked into on the way, by whom it was allowed, what the data proved.
import type { ApprovalGranted, ApprovalRefused } from "@onething/contracts/approval/v1/events";
import type { Text } from "@onething/kernel/errors";
import type { Approval } from "./approval.ts";

/** The ground on which silence grants, the conditions that the data proved, what the officer said of it. */
export const groundsOfGrant = (
  state: Approval,
  { deemed, conditions, opinion, under }: ApprovalGranted,
): Text[] => [
  ...(deemed ? [deemed] : []),
  ...conditions.flatMap(({ why }) => (why ? [why] : [])),
  // Nobody decided what silence grants.
  ...(deemed ? [] : onTheWay(state, under)),
  ...(opinion ? [{ zh: opinion, en: opinion }] : []),
];

export const groundsOfRefusal = (state: Approval, { reasons, under }: ApprovalRefused): Text[] => [
  ...reasons,
  ...onTheWay(state, under),
];

/** Special procedures and the legality review with what they found; the delegation under which it was decided. */
const onTheWay = ({ procedures, legality }: Approval, under: string): Text[] => [
  ...procedures.flatMap(({ result }) =>
    result ? [{ zh: `特别程序结果：${result.zh}`, en: `Special procedure: ${result.en}` }] : [],
  ),
  ...(legality?.opinion
    ? [{ zh: `法制审核意见：${legality.opinion.zh}`, en: `Legality review: ${legality.opinion.en}` }]
    : []),
  ...(under
    ? [
        {
          zh: "由首席事务代表依部门负责人的授权决定",
          en: "Decided by the chief affairs representative under delegated authority",
        },
      ]
    : []),
];
