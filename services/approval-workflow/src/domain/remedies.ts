// What a refused applicant can do (Administrative Licensing Law art. 38): printed on every refusal.
import type { PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import type { Text } from "@onething/kernel/errors";

/** Of every refusal: reconsideration (2023 law, art. 20) and a lawsuit (art. 46). Calendar periods, both. */
export const generalRemedies: readonly Text[] = [
  {
    zh: "您可以自收到本决定之日起六十日内依法申请行政复议（《行政复议法》第二十条）",
    en: "You may apply for administrative reconsideration within 60 days of receiving this decision (Administrative Reconsideration Law, art. 20)",
  },
  {
    zh: "您可以自收到本决定之日起六个月内依法向人民法院提起行政诉讼（《行政诉讼法》第四十六条）",
    en: "You may bring a lawsuit before a people's court within six months of receiving this decision (Administrative Litigation Law, art. 46)",
  },
];

/** What the item says besides comes first: it is often the shorter way. */
export const remediesOf = (item: Pick<PlannedItem, "remedies">): Text[] => [
  ...item.remedies,
  ...generalRemedies,
];
