// Which paper says what.
import type { Body } from "../blocks.ts";
import type { CheckedPaper } from "../paper.ts";
import { extension, specialProcedure } from "./clock.ts";
import { deemedGrant, delivery, granted, refused } from "./decisions.ts";
import { acceptance, nonAcceptance, receipt, supplement } from "./intake.ts";
import { revocation } from "./revocation.ts";

export function bodyOf(paper: CheckedPaper): Body {
  switch (paper.kind) {
    case "receipt":
      return receipt(paper);
    case "acceptance":
      return acceptance(paper);
    case "supplement":
      return supplement(paper);
    case "non_acceptance":
      return nonAcceptance(paper);
    case "special_procedure":
      return specialProcedure(paper);
    case "extension":
      return extension(paper);
    case "granted":
      return granted(paper);
    case "deemed_grant":
      return deemedGrant(paper);
    case "refused":
      return refused(paper);
    case "delivery":
      return delivery(paper);
    case "revocation":
      return revocation(paper);
  }
}
