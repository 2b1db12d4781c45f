// Finding the people of a case: who files, whom they name, whom the evidence names, and who has no number yet.
import type { EvidenceType, Role } from "@onething/contracts/catalog/v1/catalog";
import type { Subject } from "@onething/contracts/common/v1/common";
import { invalid } from "@onething/kernel/errors";
import { isCitizenNumber } from "@onething/kernel/identity";
import { idFrom } from "@onething/kernel/ids";
import type { Deps } from "./deps.ts";
import { fieldsOf, lookUp, resolve } from "./lookup.ts";

export interface GivenPerson {
  role: string;
  identityNumber: string;
  name: string;
}

interface Search {
  caseId: string;
  roles: Role[];
  evidence: EvidenceType[];
  applicantId: string;
  people: readonly GivenPerson[];
  actor: string;
  purpose: string;
}

/** Subjects in the order of the roles. Roles nobody was found for are left out; `requirePeople` says so. */
export async function findPeople(deps: Deps, search: Search): Promise<Subject[]> {
  checkPeople(search);
  const given = await identifyAll(deps, search.people);
  const subjects: Subject[] = search.roles.flatMap((role) => {
    if (role.found === "applicant") return [subject(role, search.applicantId, 0)];
    if (role.found === "minted")
      return Array.from({ length: Math.max(1, role.min) }, (_, i) =>
        subject(role, idFrom(search.caseId, role.code, String(i)), i),
      );
    return given
      .filter((person) => person.role === role.code)
      .map(({ personId }, i) => subject(role, personId, i));
  });
  return [...subjects, ...(await findByEvidence(deps, search, subjects))];
}

const subject = (role: Role, personId: string, position: number): Subject => ({
  role: role.code,
  personId,
  position,
});

function checkPeople({ people, roles }: Search): void {
  const fields = people.flatMap(({ role, identityNumber, name }, i) => {
    const known = roles.find((each) => each.code === role && ["given", "evidence"].includes(each.found));
    return [
      ...(known
        ? []
        : [
            {
              field: `people.${i}.role`,
              text: { zh: "这件事没有这个角色", en: "This bundle has no such role to name" },
            },
          ]),
      ...(isCitizenNumber(identityNumber)
        ? []
        : [
            {
              field: `people.${i}.identityNumber`,
              text: {
                zh: "公民身份号码有误，请核对",
                en: "The identity number is not valid; please check it",
              },
            },
          ]),
      ...(name.trim()
        ? []
        : [{ field: `people.${i}.name`, text: { zh: "请填写姓名", en: "Please give the name" } }]),
    ];
  });
  if (fields.length > 0)
    throw invalid("people.invalid", "人员信息有误，请按提示修改", "Some of the people given are not right", {
      fields,
    });
}

const identifyAll = (deps: Deps, people: readonly GivenPerson[]) =>
  Promise.all(
    people.map(async ({ role, identityNumber, name }) => {
      const { personId } = await deps.peers.licences.identify({ identityNumber, name });
      return { role, personId };
    }),
  );

/** A person that somebody's evidence names, such as the spouse on a marriage certificate. */
async function findByEvidence(deps: Deps, search: Search, known: Subject[]): Promise<Subject[]> {
  const wanted = search.roles.filter(
    (role) => role.found === "evidence" && !known.some((each) => each.role === role.code),
  );
  const receipts = await resolve(deps, {
    caseId: search.caseId,
    requirements: wanted.map((role) => lookUp(`person:${role.code}`, foundIn(role))),
    evidence: search.evidence,
    subjects: known,
    purpose: search.purpose,
    actor: search.actor,
  });
  const fields = await fieldsOf(deps, receipts, search);
  return wanted.flatMap((role) => {
    const receipt = receipts.find((each) => each.requirement === `person:${role.code}`);
    const personId = receipt && fields.get(receipt)?.[role.foundField];
    return personId ? [subject(role, personId, 0)] : [];
  });
}

const foundIn = (role: Role) => ({
  pair: role.foundIn,
  field: role.foundField,
  rungs: ["licence", "register"],
  ask: "",
});

/** Errors: `invalid`, naming each role that still lacks people or has too many. */
export function requirePeople(roles: readonly Role[], subjects: readonly Subject[]): void {
  const fields = roles.flatMap((role) => {
    const count = subjects.filter((each) => each.role === role.code).length;
    const { zh, en } = role.name ?? { zh: role.code, en: role.code };
    if (count < role.min)
      return [
        {
          field: `people.${role.code}`,
          text: {
            zh: `请提供${zh}的姓名和身份号码`,
            en: `Please give name and identity number of the ${en}`,
          },
        },
      ];
    if (role.max > 0 && count > role.max)
      return [
        {
          field: `people.${role.code}`,
          text: { zh: `${zh}最多 ${role.max} 人`, en: `At most ${role.max} of: ${en}` },
        },
      ];
    return [];
  });
  if (fields.length > 0)
    throw invalid(
      "people.missing",
      "还缺少办理所需的人员信息",
      "Some people of this case are still missing",
      { fields },
    );
}
