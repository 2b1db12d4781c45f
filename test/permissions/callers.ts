// Everybody who may stand before a door, the things they would like to see, and the texts that only insiders may read.
import { createHash } from "node:crypto";
import type { Door } from "@onething/all-in-one/demo/door";
import type { Caller } from "@onething/service/types";
import { workOf } from "../faults/desk.ts";
import { answered, answers, filed, submission, until } from "../faults/filing.ts";
import type { City } from "../harness.ts";

export const callers = {
  /** Without a token. */
  none: undefined,
  mother: citizen("mother"),
  /** Follows the mother's case. */
  father: citizen("father"),
  stranger: citizen("stranger"),
  /** A citizen's account without a verified person. */
  nobody: { sub: "nobody", role: "citizen" },
  clerk: { sub: "clerk2", role: "clerk", window: "2" },
  /** Has the mother's case on its desk. */
  hospital: { sub: "officer-maternity-hospital", role: "officer", department: "maternity-hospital" },
  /** Has issued the mother's identity card. */
  police: { sub: "officer-public-security", role: "officer", department: "public-security" },
  health: { sub: "officer-health", role: "officer", department: "health" },
  /** An officer of no department. */
  deskless: { sub: "officer", role: "officer" },
  operator: { sub: "operator", role: "operator" },
  /** Systems of departments. */
  hospitalSystem: { sub: "maternity-hospital-system", role: "department", department: "maternity-hospital" },
  policeSystem: { sub: "public-security-system", role: "department", department: "public-security" },
  healthSystem: { sub: "health-system", role: "department", department: "health" },
  service: { sub: "case-window", role: "service" },
} satisfies Record<string, Caller | undefined>;
export type CallerName = keyof typeof callers;
export const everybody = Object.keys(callers) as CallerName[];

function citizen(person: string): Caller {
  return { sub: person, role: "citizen", personId: person };
}

/** Person ids are known once the city runs. */
export function callerOf(city: City, name: CallerName): Caller | undefined {
  const caller: Caller | undefined = callers[name];
  if (!caller?.personId) return caller;
  return { ...caller, personId: city.platform.sample.people.get(caller.personId)! };
}

export interface Scene {
  /** Filed by the mother at home, running; nothing is decided. */
  home: string;
  /** The mother's, not submitted. */
  draft: string;
  /** Taken in by a window for the second mother, running. */
  window: string;
  /** B1 of `home`, on the hospital's desk. */
  work: string;
  /** The acceptance of B1 of `home`, by the hospital, and the code that checks it. */
  paper: string;
  checkCode: string;
  /** The same of `window`. */
  windowPaper: string;
  /** Two files at B1 of `home`: one for the applicant, one for the hospital alone. */
  given: string;
  attachment: string;
  /** The mother's identity card. */
  licence: string;
  motherId: string;
  /** What nobody but insiders of these may read. */
  secrets: string[];
}

export async function setScene(city: City): Promise<Scene> {
  const [mother, clerk, hospital] = (await Promise.all(
    ["mother", "clerk1", "officer-maternity-hospital"].map((name) => city.as(name)),
  )) as [Door, Door, Door];
  const draft = await answered(mother);
  const home = await filed(mother);
  const applicant = { identityNumber: "430999199403210021", name: "苏晚晴" };
  const window = await answered(clerk, answers, { applicant });
  await clerk.post(`${window}/submit`, await submission(clerk, window));
  const { id: work } = await workOf(hospital, home, "B1");
  const { licences } = await mother.get<{ licences: { identifier: string; evidence: string }[] }>(
    "/api/v1/licences",
  );
  const { number } = await mother.get<{ number: string }>(home);
  const paper = await paperOf(mother, home, "B1");
  const { id: windowPaper } = await paperOf(clerk, window, "B1");
  const given = await attached(city, work, { name: "给申请人.pdf", forApplicant: "true" });
  const attachment = await attached(city, work, { name: "内部报告.pdf" });
  const people = ["mother", "father", "mother2", "father2"].map((key) => ({
    ...city.platform.sample.known.get(key)!,
    id: city.platform.sample.people.get(key)!,
  }));
  return {
    home,
    draft,
    window,
    work,
    paper: paper.id,
    checkCode: paper.checkCode,
    windowPaper,
    given,
    attachment,
    licence: licences.find(({ evidence }) => evidence === "identity-card")!.identifier,
    motherId: people[0]!.id,
    secrets: [
      number,
      ...people.flatMap(({ id, name, identityNumber, phone }) => [id, name, identityNumber, phone ?? ""]),
      ...licences.map(({ identifier }) => identifier),
      ...["周语棠", "6200430999000000017", "望月路", "FM-0900101", "9740.50"],
    ].filter(Boolean),
  };
}

/** A file of some bytes, attached by the hospital. */
async function attached(city: City, work: string, said: Record<string, string>): Promise<string> {
  const bytes = Buffer.from("%PDF-1.7 a report");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const token = await city.platform.issuer.sign(callers.hospital, 600);
  const query = new URLSearchParams({ purpose: "勘验", sha256, ...said });
  const answer = await fetch(`${city.platform.url}/api/v1/work/${work}/attachments?${query}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/pdf",
      "idempotency-key": `file-${sha256.slice(0, 8)}-${Object.keys(said).length}`,
    },
    body: bytes,
  });
  if (answer.status !== 201) throw new Error(await answer.text());
  return ((await answer.json()) as { id: string }).id;
}

interface PaperBody {
  id: string;
  item: string;
  checkCode: string;
}

/** The first paper of an item of a case, as soon as it is issued. */
async function paperOf(applicant: Door, casePath: string, item: string): Promise<PaperBody> {
  const list = () =>
    applicant.get<{ papers: PaperBody[] }>(`/api/v1/papers?case=${casePath.split("/").at(-1)}`);
  const { papers } = await until(list, (page) => page.papers.some((each) => each.item === item));
  return papers.find((each) => each.item === item)!;
}
