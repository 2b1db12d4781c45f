// An officer's desk as tests use it: find the work of a case, decide it with a result that fits.
import type { Door } from "@onething/all-in-one/demo/door";
import { until } from "./filing.ts";

export interface WorkBody {
  id: string;
  caseId: string;
  item: string;
  status: string;
  claimedBy: string;
  result: { name: string }[];
}
export interface DetailBody {
  work: WorkBody;
  form: Record<string, string>;
  answers: Record<string, string>;
  subjects: { role: string; personId: string }[];
  evidence: {
    receipt: { requirement: string; item: string; state: string };
    fields: Record<string, string>;
  }[];
}

/** The open work of one item of a case, as soon as it is on the desk. */
export async function workOf(officer: Door, casePath: string, item: string): Promise<WorkBody> {
  const caseId = casePath.split("/").at(-1);
  const list = () => officer.get<{ work: WorkBody[] }>(`/api/v1/work?item=${item}&limit=500`);
  const page = await until(list, ({ work }) => work.some((each) => each.caseId === caseId));
  return page.work.find((each) => each.caseId === caseId)!;
}

/** What a birth certificate says, from the form. */
export async function certificate(officer: Door, { id }: { id: string }): Promise<Record<string, string>> {
  const { work, form } = await officer.get<DetailBody>(`/api/v1/work/${id}`);
  const written: Record<string, string> = { ...form, number: "TEST0001", sex: form.childSex ?? "" };
  return Object.fromEntries(work.result.map(({ name }) => [name, written[name] ?? ""]));
}

export const because = {
  zh: "申报信息与分娩记录不一致",
  en: "The data differ from the record of the delivery",
};
export const refusing = { refuse: { reasons: [because] } };
