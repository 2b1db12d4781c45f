// Making and delivering what was granted (Licensing Law art. 44): an electronic result is delivered when the last of its
// products exists, one on paper by whoever hands it over.
import { holdersOf } from "@onething/kernel/pairs";
import { type Approval, byIssue } from "./approval.ts";
import type { Stroke } from "./stroke.ts";

/** How many licences and registrations a grant brings: one for each product and each person it is for. */
const productsOf = ({ item, subjects }: Approval): number =>
  item.produces.reduce((sum, { pair }) => sum + (pair ? holdersOf(pair, subjects).length : 1), 0);

/** With a grant that produces nothing there is nothing to wait for: the decision is the result. */
export const granted = (stroke: Stroke): Stroke =>
  productsOf(stroke.state) === 0 ? deliveredByRule(stroke) : stroke;

export function issued(stroke: Stroke, product: { identifier: string; evidence: string }): Stroke {
  const { state, about } = stroke;
  const { identifier, evidence } = product;
  stroke.add({ type: "approval.product_issued", data: { ...about, identifier, evidence } });
  return (state.issued ?? 0) + 1 < productsOf(state) ? stroke : deliveredByRule(stroke);
}

function deliveredByRule(stroke: Stroke): Stroke {
  const { state, about } = stroke;
  if (state.item.delivery === "paper") return stroke;
  return stroke.add({ type: "approval.delivered", data: { ...about, how: "electronic", by: byIssue } });
}
