// What three services say about one case, and where they contradict each other. Each one's own journal can be whole while
// together they are not: a grant without its licence, a licence without its grant. Pure.

export interface CaseSaid {
  caseId: string;
  items: Record<string, ItemSaid>;
  /** Every item it handed over, and every answer to a notice, has reached the approvals. */
  heardByApprovals: boolean;
}

export interface ItemSaid {
  status: string;
  outcome?: string;
  startedAt?: string;
  products: { identifier: string }[];
  /** A special procedure runs. */
  stopped?: object;
  delivered?: object;
  revoked?: object;
}

export interface ApprovalSaid {
  id: string;
  caseId: string;
  item: string;
  status: string;
  version: number;
  /** Nothing has happened to it while the others were looked at. */
  atRest?: boolean;
  delivery: string;
  produces: { pair: { evidence: string; role: string; to: string } }[];
  subjects: { role: string; personId: string }[];
  /** All of it that they act on has reached them. */
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
  status: string;
  heardByCase: boolean;
  heardByApprovals: boolean;
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
    ...said.approvals.flatMap((approval) => [
      ...reported(said, approval),
      ...issuedOnce(said, approval),
      ...takenBack(said, approval),
      ...delivered(said, approval),
    ]),
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

const afterGrant = ["issuing", "ended granted"];
/** What a case says of an item that is decided, whatever happens to it later. */
const standing: Record<string, readonly string[]> = {
  granted: afterGrant,
  delivered: afterGrant,
  revoked: afterGrant,
  refused: ["ended refused"],
  not_needed: ["ended not_needed"],
  not_accepted: ["ended not_accepted"],
  cancelled: ["ended withdrawn"],
};
/** And what it says of one that stays as it is. The answer to a notice is on its way until the department has heard it. */
const atRest: Record<string, readonly string[]> = {
  received: ["with_department"],
  supplementing: ["supplementing"],
  accepted: ["with_department"],
  paused: ["with_department stopped"],
  legality: ["with_department"],
  granted: afterGrant,
  delivered: afterGrant.map((each) => `${each} delivered`),
  revoked: afterGrant.flatMap((each) => [`${each} revoked`, `${each} delivered revoked`]),
};

/** A case knows what its departments have done, and claims nothing that they have not. */
function reported({ case: found }: Said, approval: ApprovalSaid): Contradiction[] {
  const stream = `approval/${approval.id}`;
  const item = found?.items[approval.item];
  if (!found || !item)
    return [{ stream, what: `belongs to item ${approval.item} of a case that has none: ${approval.caseId}` }];
  if (!approval.heardByCase) return [];
  const short = wordsOf(item, ["status", "outcome"]);
  const now = wordsOf(item, ["status", "outcome", "stopped", "delivered", "revoked"]);
  const { status } = approval;
  const exactly = approval.atRest ? atRest[status] : undefined;
  const answering = status === "supplementing" && now === "with_department" && !found.heardByApprovals;
  const agrees = (standing[status]?.includes(short) ?? true) && (exactly?.includes(now) ?? true);
  if (agrees || answering) return [];
  return [{ stream, what: `is ${status}, but item ${approval.item} of case/${approval.caseId} is ${now}` }];
}

type Word = "status" | "outcome" | "stopped" | "delivered" | "revoked";
/** `ended granted delivered`: what is set, by its value if that is a word, else by its name. */
const wordsOf = (item: ItemSaid, names: readonly Word[]): string =>
  names.flatMap((name) => (item[name] ? [typeof item[name] === "string" ? item[name] : name] : [])).join(" ");

const wasGranted = (status: string | undefined): boolean =>
  status === "granted" || status === "delivered" || status === "revoked";

/** Every product of a grant exists once for each person it is for. */
function issuedOnce({ licences }: Said, approval: ApprovalSaid): Contradiction[] {
  if (!wasGranted(approval.status)) return [];
  const issued = licences.filter((each) => each.item === approval.item);
  const due = productsOf(approval);
  const stream = `approval/${approval.id}`;
  const wrong = due.flatMap((product) => {
    const found = issued.filter((each) => keyOf(each) === keyOf(product));
    if (found.length > 1)
      return [
        `${product.evidence} was issued ${found.length} times: ${found.map((each) => each.identifier).join(", ")}`,
      ];
    // What was taken back before it was issued never is.
    return found.length === 0 && approval.heardByLicences && approval.status !== "revoked"
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

/** A grant that was taken back takes what it has issued with it (Licensing Law art. 69), and no other grant does. */
function takenBack({ licences }: Said, approval: ApprovalSaid): Contradiction[] {
  if (!wasGranted(approval.status)) return [];
  const revoked = approval.status === "revoked";
  if (revoked && !approval.heardByLicences) return [];
  return licences
    .filter((each) => each.item === approval.item && (each.status === "revoked") !== revoked)
    .map(({ id, identifier, status }) => ({
      stream: `licence/${id}`,
      what: `${identifier} is ${status}, but its approval is ${approval.status}: approval/${approval.id}`,
    }));
}

/** An electronic result is delivered when the last of its products is issued (art. 44). */
function delivered({ licences }: Said, approval: ApprovalSaid): Contradiction[] {
  if (approval.status !== "granted" || approval.delivery === "paper") return [];
  const heard = licences.filter((each) => each.item === approval.item && each.heardByApprovals);
  const keys = new Set(heard.map(keyOf));
  const due = productsOf(approval);
  if (due.length === 0 || !due.every((product) => keys.has(keyOf(product)))) return [];
  return [{ stream: `approval/${approval.id}`, what: "is issued whole, but was not delivered" }];
}

/** A licence of a case comes out of a grant, and its case shows it. */
function grounded({ case: found, approvals }: Said, licence: LicenceSaid): Contradiction[] {
  const stream = `licence/${licence.id}`;
  const approval = approvals.find((each) => each.item === licence.item);
  if (!wasGranted(approval?.status))
    return [
      {
        stream,
        what: `${licence.identifier} was issued for item ${licence.item} of case/${licence.caseId}, whose approval is ${approval?.status ?? "missing"}`,
      },
    ];
  // Heard after the grant was taken back, it is nothing to show.
  if (approval?.status === "revoked") return [];
  const shown = found?.items[licence.item]?.products.some((each) => each.identifier === licence.identifier);
  if (shown || !licence.heardByCase) return [];
  return [
    { stream, what: `${licence.identifier} is not shown by item ${licence.item} of case/${licence.caseId}` },
  ];
}
