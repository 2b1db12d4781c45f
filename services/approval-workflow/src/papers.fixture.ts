// For tests: this service's own events handed to what issues papers, as its feed would; and papers read back.
import { bare, readPdf } from "@onething/documents/pdf.fixture";
import { type PublishedEvent, published } from "@onething/events/consumer";
import { start } from "@onething/journal/journal";
import type { Desk, Person } from "./service.fixture.ts";

export interface ListedPaper {
  id: string;
  kind: string;
  number: string;
  item: string;
  department: { code: string };
  checkCode: string;
  sha256: string | null;
}
export interface Check {
  kind: string;
  number: string;
  issuedOn: string;
  sha256: string | null;
  revoked: boolean;
  reason?: string;
}

/** The applicant of the fixture, another reader of the case, and somebody else. */
export const mother: Person = { sub: "mother", role: "citizen", personId: "p1" };
export const father: Person = { sub: "father", role: "citizen", personId: "p2" };
export const neighbour: Person = { sub: "neighbour", role: "citizen", personId: "p9" };

const consumerOf = (service: Desk["service"]) =>
  service.consumers.find(({ name }) => name === "approval-papers")!;

export async function eventsFor(desk: Desk, caseId: string): Promise<PublishedEvent[]> {
  const stored = await desk.service.journal.read(start, 10_000);
  const types: readonly string[] = consumerOf(desk.service).types;
  return stored.filter((event) => event.caseId === caseId && types.includes(event.type)).map(published);
}

/** In order, as the feed hands over the events of one case. */
export async function issueAll(desk: Desk, caseId: string, service = desk.service): Promise<void> {
  for (const event of await eventsFor(desk, caseId)) await consumerOf(service).handle(event);
}

export const handOver = (event: PublishedEvent, service: Desk["service"]): Promise<void> =>
  consumerOf(service).handle(event);

export async function papersOf(desk: Desk, caseId: string, person = mother): Promise<ListedPaper[]> {
  const path = `/api/v1/papers?case=${caseId}`;
  return (await desk.call<{ papers: ListedPaper[] }>(person, "GET", path)).body.papers;
}

export async function pdfOf(desk: Desk, id: string, person = mother): Promise<Buffer> {
  const answer = await desk.fetch(`/api/v1/papers/${id}`, person);
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** All that stands on it, without spaces. */
export const textOf = async (desk: Desk, id: string, person = mother): Promise<string> =>
  (await readPdf(new Uint8Array(await pdfOf(desk, id, person)))).text;

/** The text of the one paper of a kind that a case has brought. */
export async function onlyTextOf(desk: Desk, caseId: string, kind: string): Promise<string> {
  await issueAll(desk, caseId);
  const found = (await papersOf(desk, caseId)).filter((paper) => paper.kind === kind);
  if (found.length !== 1) throw new Error(`${found.length} papers of kind ${kind}`);
  return textOf(desk, found[0]!.id);
}

export { bare };
