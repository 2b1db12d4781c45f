// What the demo reads at the public doors, as far as it looks.
export interface Text {
  zh: string;
  en: string;
}
export interface QuestionBody {
  id: string;
  text: Text;
  choices: { value: string; label: Text }[];
  known: { value: string; source: Text } | null;
}
export interface PreviewBody {
  items: { code: string; name: Text; why: Text; waitsFor: string[] }[];
  form: { name: string; label: Text; known: { value: string; source: Text } | null }[];
  uses: {
    id: string;
    role: string;
    roleName: Text;
    evidenceName: Text;
    by: string;
    source: Text | null;
    ground: string;
    law: Text | null;
  }[];
  statements: { id: string; text: Text }[];
  materials: { name: Text; way: string }[];
  missing: { requirement: string; why: Text }[];
}
/** A department's one-time notice that waits for an answer. */
export interface NoticeBody {
  gaps: {
    id: string;
    field: { name: string } | null;
    requirement: { id: string } | null;
    what: Text;
  }[];
}
export interface CaseItemBody {
  code: string;
  name: Text;
  department: { code: string; name: Text };
  status: string;
  outcome: string | null;
  waitedFor: string[];
  startedAt: string | null;
  finishedAt: string | null;
  dueOn: string | null;
  dueProvisional: boolean;
  now: Text;
  delivered: { at: string; how: string } | null;
  notice: NoticeBody | null;
  reasons: Text[];
  remedies: Text[];
}
export interface CaseBody {
  id: string;
  number: string | null;
  bundle: string;
  name: Text | null;
  status: string;
  outcome: string | null;
  channel: string;
  submittedAt: string | null;
  finishedAt: string | null;
  items: CaseItemBody[];
  leftOut: { code: string; name: Text; why: Text }[];
  timeline: { at: string; item: string; zh: string; en: string }[];
  ledger: LedgerBody | null;
}
interface DaysBody {
  department: number;
  applicant: number;
  pause: number;
}
/** Whose days the working days of the case were. */
export interface LedgerBody {
  from: string;
  until: string;
  days: DaysBody;
  items: { code: string; name: Text; days: DaysBody; used: number }[];
}
export interface ReceiptBody {
  item: string;
  requirement: string;
  rule: string;
  state: string;
  candidates: { source: string; matched: boolean; why: Text }[];
  why: Text;
  /** What proves it; null where nothing does yet. */
  proof: { kind: string; reference: string; source: Text } | null;
}
export interface ResultBody {
  item: string;
  identifier: string;
  kind: string;
  type: string;
  typeName: Text;
  holder: { role: string; roleName: Text; name: string };
  issuer: { code: string; name: Text };
  issuedAt: string;
  status: string;
  fields: Record<string, string>;
}
export interface PaperBody {
  id: string;
  kind: string;
  name: Text;
  number: string;
  item: string;
  department: { code: string; name: Text };
  checkCode: string;
}
