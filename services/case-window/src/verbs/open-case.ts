// Opens a draft: finds the bundle and the people, asks nothing else yet.
import { GetBundleRequest } from "@onething/contracts/catalog/v1/catalog";
import { CaseDrafted } from "@onething/contracts/window/v1/events";
import { forbidden, invalid } from "@onething/kernel/errors";
import { isCitizenNumber } from "@onething/kernel/identity";
import { newId } from "@onething/kernel/ids";
import { actorOf, type Caller } from "@onething/service/types";
import type { Deps } from "../deps.ts";
import { caseKind } from "../domain/decide.ts";
import { findPeople, type GivenPerson } from "../people.ts";

export interface OpenCase {
  bundle: string;
  /** At a window: who stands there. A citizen files in their own name. */
  applicant?: { identityNumber: string; name: string };
  people: GivenPerson[];
}

export async function openCase(
  deps: Deps,
  caller: Caller,
  key: string,
  input: OpenCase,
): Promise<{ id: string }> {
  const actor = actorOf(caller);
  const { summary, roles, evidence } = await deps.peers.catalog.getBundle(
    GetBundleRequest.fromPartial({ code: input.bundle }),
  );
  // Time-ordered, so that lists show the newest first; of a repeat the journal answers with the id of the first.
  const id = newId();
  const applicantId = await applicantOf(deps, caller, input);
  const purpose = `${summary?.name?.zh}:办理前查找人员`;
  const subjects = await findPeople(deps, {
    caseId: id,
    roles,
    evidence,
    applicantId,
    people: input.people,
    actor,
    purpose,
  });
  const drafted = CaseDrafted.fromPartial({
    id,
    bundle: input.bundle,
    bundleVersion: summary?.version,
    applicantId,
    subjects,
    channel: caller.role === "clerk" ? "window" : "citizen",
    clerk: caller.role === "clerk" ? caller.sub : "",
  });
  const opened = await deps.journal.submit(
    caseKind,
    id,
    { type: "open", drafted },
    { actor, key, body: ["open", input] },
  );
  return { id: opened.id };
}

async function applicantOf(deps: Deps, caller: Caller, { applicant }: OpenCase): Promise<string> {
  if (caller.role === "citizen") {
    if (applicant)
      throw invalid(
        "case.applicant_given",
        "本人办理时不用填写申请人",
        "Leave the applicant out when you file for yourself",
      );
    if (caller.personId) return caller.personId;
    throw forbidden(
      "case.no_person",
      "您的账号还没有完成实名认证",
      "Your account has no verified identity yet",
    );
  }
  const fields = [
    ...(isCitizenNumber(applicant?.identityNumber ?? "")
      ? []
      : [
          {
            field: "applicant.identityNumber",
            text: { zh: "公民身份号码有误，请核对", en: "The identity number is not valid; please check it" },
          },
        ]),
    ...(applicant?.name.trim()
      ? []
      : [{ field: "applicant.name", text: { zh: "请填写姓名", en: "Please give the name" } }]),
  ];
  if (!applicant || fields.length > 0)
    throw invalid(
      "case.applicant_missing",
      "请填写申请人的姓名和有效的公民身份号码",
      "Give the applicant's name and a valid identity number",
      { fields },
    );
  const { personId } = await deps.peers.licences.identify(applicant);
  return personId;
}
