// What three services say about one case, and where they contradict each other. Each one's own journal can be whole while
// together they are not: a grant without its licence, a licence without its grant. Pure.

export interface CaseSaid {
  caseId: string;
  items: Record<
    string,
    { status: string; outcome?: string; startedAt?: string; products: { identifier: string }[] }
  >;
  /** Every item it handed over has reached the approvals. */
  heardByApprovals: boolean;
}

export interface ApprovalSaid {
  id: string;
  caseId: string;
  item: string;
  status: string;
  produces: { pair: { evidence: string; role: string; to: string } }[];
  subjects: { role: string; personId: string }[];
  /** Its decision, where there is one, has reached them. */
  heardByLicences: boolean;
  heardByCase: boolean;
}

export interface LicenceSaid {
  id: string;
  caseId: string;
  item: string;
  identifier: string;
  evidence: string;
  holderId: string;
  toHolderId: string;
  heardByCase: boolean;
}

export interface Said {
  caseId: string;
  case: CaseSaid | undefined;
  approvals: ApprovalSaid[];
  licences: LicenceSaid[];
}

export interface Contradiction {
  stream: string;
  what: string;
}

export function contradictions(said: Said): Contradiction[] {
  return [
    ...handedOver(said),
    ...said.approvals.flatMap((approval) => [...reported(said, approval), ...issuedOnce(said, approval)]),
    ...said.licences.flatMap((licence) => grounded(said, licence)),
  ];
}

/** What a case has handed over is on somebody's desk. */
function handedOver({ case: found, approvals }: Said): Contradiction[] {
  if (!found?.heardByApprovals) return [];
  const opened = new Set(approvals.map((each) => each.item));
  return Object.entries(found.items)
    .filter(([code, item]) => item.startedAt && !opened.has(code))
    .map(([code]) => ({
      stream: `case/${found.caseId}`,
      what: `item ${code} was handed over, but no department has it`,
    }));
}

const standing: Record<string, readonly string[]> = {
  granted: ["issuing", "ended granted"],
  refused: ["ended refused"],
  cancelled: ["ended withdrawn"],
};

/** A case knows what was decided. */
function reported({ case: found }: Said, approval: ApprovalSaid): Contradiction[] {
  const stream = `approval/${approval.id}`;
  const item = found?.items[approval.item];
  if (!item)
    return [{ stream, what: `belongs to item ${approval.item} of a case that has none: ${approval.caseId}` }];
  const now = [item.status, item.outcome].filter(Boolean).join(" ");
  const wanted = standing[approval.status];
  if (!approval.heardByCase || !wanted || wanted.includes(now)) return [];
  return [
    { stream, what: `is ${approval.status}, but item ${approval.item} of case/${approval.caseId} is ${now}` },
  ];
}

/** Every product of a grant exists once for each person it is for. */
function issuedOnce({ licences }: Said, approval: ApprovalSaid): Contradiction[] {
  if (approval.status !== "granted") return [];
  const issued = licences.filter((each) => each.item === approval.item);
  const due = productsOf(approval);
  const stream = `approval/${approval.id}`;
  const wrong = due.flatMap((product) => {
    const found = issued.filter((each) => keyOf(each) === keyOf(product));
    if (found.length > 1)
      return [
        `${product.evidence} was issued ${found.length} times: ${found.map((each) => each.identifier).join(", ")}`,
      ];
    return found.length === 0 && approval.heardByLicences
      ? [`${product.evidence} is granted, but was not issued`]
      : [];
  });
  const keys = new Set(due.map(keyOf));
  const more = issued
    .filter((each) => !keys.has(keyOf(each)))
    .map((each) => `${each.identifier} was issued, but not granted`);
  return [...wrong, ...more].map((what) => ({ stream, what }));
}

function productsOf({ produces, subjects }: ApprovalSaid) {
  const peopleOf = (role: string) =>
    subjects.filter((each) => each.role === role).map((each) => each.personId);
  return produces.flatMap(({ pair }) =>
    peopleOf(pair.role).flatMap((holderId) =>
      (pair.to ? peopleOf(pair.to) : [""]).map((toHolderId) => ({
        evidence: pair.evidence,
        holderId,
        toHolderId,
      })),
    ),
  );
}

const keyOf = (one: { evidence: string; holderId: string; toHolderId: string }): string =>
  `${one.evidence}|${one.holderId}|${one.toHolderId}`;

/** A licence of a case comes out of a grant, and its case shows it. */
function grounded({ case: found, approvals }: Said, licence: LicenceSaid): Contradiction[] {
  const stream = `licence/${licence.id}`;
  const approval = approvals.find((each) => each.item === licence.item);
  if (approval?.status !== "granted")
    return [
      {
        stream,
        what: `${licence.identifier} was issued for item ${licence.item} of case/${licence.caseId}, whose approval is ${approval?.status ?? "missing"}`,
      },
    ];
  const shown = found?.items[licence.item]?.products.some((each) => each.identifier === licence.identifier);
  if (shown || !licence.heardByCase) return [];
  return [
    { stream, what: `${licence.identifier} is not shown by item ${licence.item} of case/${licence.caseId}` },
  ];
}
