// The sample city's people, licences and accounts: offered to the registry's public door at every start. What is there
// already stays as it is, so a start that was killed half-way is completed by the next one, whatever database it finds.
import {
  type CatalogServiceDefinition,
  type EvidenceType,
  GetBundleRequest,
  ListBundlesRequest,
} from "@onething/contracts/catalog/v1/catalog";
import { IssueRequest, type LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import type { ReadCity } from "@onething/item-catalog/city";
import { startOfDay } from "@onething/kernel/civil-date";
import { invalid, OnethingError } from "@onething/kernel/errors";
import type { Client } from "@onething/service/client";
import { fieldProblems } from "@onething/service/field-words";
import { z } from "zod";
import { Account } from "./accounts.ts";
import { digestOf } from "./storage.ts";

const Person = z.strictObject({
  key: z.string(),
  name: z.string().min(1),
  identityNumber: z.string(),
  phone: z.string().optional(),
});
export type Person = z.infer<typeof Person>;

const Licence = z.strictObject({
  evidence: z.string(),
  holder: z.string(),
  to: z.string().optional(),
  issuer: z.string(),
  issuedOn: z.string(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)),
});

const Lists = z.object({
  people: z.array(Person).default([]),
  accounts: z.array(Account).default([]),
  licences: z.array(Licence).default([]),
});

export interface Sample {
  accounts: Account[];
  /** Key of a person -> person id. */
  people: Map<string, string>;
  /** Key of a person -> who it is. */
  known: Map<string, Person>;
  /** Licences of the list that were changed after the data folder took them in: as the registry has them, they stay. */
  outdated: number;
}

interface SampleOptions {
  city: ReadCity;
  peers: {
    licences: Client<typeof LicenceServiceDefinition>;
    catalog: Client<typeof CatalogServiceDefinition>;
  };
}

/** Whom a city's list names, without asking anybody. */
export function readSample(city: ReadCity): Pick<Sample, "accounts" | "known"> {
  const { people, accounts } = readLists(city);
  return { accounts, known: new Map(people.map((each) => [each.key, each])) };
}

export async function loadSample({ city, peers }: SampleOptions): Promise<Sample> {
  const { people, licences } = readLists(city);
  const ids = await Promise.all(
    people.map(async ({ key, identityNumber, name }) => {
      const { personId } = await peers.licences.identify({ identityNumber, name });
      return [key, personId] as const;
    }),
  );
  const persons = new Map(ids);
  const types = licences.length > 0 ? await evidenceTypes(peers.catalog) : new Map();
  const taken = await Promise.all(
    licences.map((each, i) => offer(peers, requestOf(city, types, persons, each, i))),
  );
  return {
    ...readSample(city),
    people: persons,
    outdated: taken.filter((each) => !each).length,
  };
}

/** Whether the registry has it just so; not if the list says something else now than when it was first offered. */
async function offer({ licences }: SampleOptions["peers"], request: IssueRequest): Promise<boolean> {
  try {
    await licences.issue(request);
    return true;
  } catch (error) {
    if (error instanceof OnethingError && error.reason === "idempotency.other_body") return false;
    throw error;
  }
}

function readLists(city: ReadCity): z.infer<typeof Lists> {
  const parsed = Lists.safeParse(city.others);
  if (parsed.success) return parsed.data;
  const at = city.locate(parsed.error.issues[0]?.path ?? []);
  const [problem] = fieldProblems(parsed.error, city.others);
  const { zh, en } = problem?.text ?? { zh: "有误", en: "is not right" };
  throw invalid("sample.invalid", `${at}：${problem?.field}：${zh}`, `${at}: ${problem?.field} ${en}`);
}

async function evidenceTypes(
  catalog: Client<typeof CatalogServiceDefinition>,
): Promise<Map<string, EvidenceType>> {
  const { bundles } = await catalog.listBundles(ListBundlesRequest.create());
  const read = await Promise.all(
    bundles.map(({ code }) => catalog.getBundle(GetBundleRequest.fromPartial({ code }))),
  );
  return new Map(read.flatMap(({ evidence }) => evidence.map((type) => [type.code, type])));
}

function requestOf(
  city: ReadCity,
  types: ReadonlyMap<string, EvidenceType>,
  people: ReadonlyMap<string, string>,
  licence: z.infer<typeof Licence>,
  index: number,
): IssueRequest {
  const personOf = (key: string): string => {
    const id = people.get(key.replace(/^@/, ""));
    if (id) return id;
    throw invalid(
      "sample.no_person",
      `${city.locate(["licences", index])}：没有 ${key} 这个人`,
      `${city.locate(["licences", index])}: there is no person ${key}`,
    );
  };
  const type = types.get(licence.evidence);
  const issuer = city.catalogue.departments.find((each) => each.code === licence.issuer);
  if (!type || !issuer)
    throw invalid(
      "sample.unknown_code",
      `${city.locate(["licences", index])}：证照类型或发证部门不在目录里`,
      `${city.locate(["licences", index])}: the evidence type or the issuer is not in the catalogue`,
    );
  const fields = Object.entries(licence.fields).map(([name, value]) => [
    name,
    value.startsWith("@") ? personOf(value) : value,
  ]);
  return IssueRequest.fromPartial({
    type,
    personId: personOf(licence.holder),
    toPersonId: licence.to ? personOf(licence.to) : "",
    issuer: { code: issuer.code, name: issuer.name, uscc: issuer.uscc },
    fields: Object.fromEntries(fields),
    issuedAt: startOfDay(licence.issuedOn).toISOString(),
    idempotencyKey: `sample:${digestOf([licence.evidence, licence.holder, licence.to, licence.issuedOn])}`,
  });
}
