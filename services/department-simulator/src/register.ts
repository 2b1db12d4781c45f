// A department's register by the register contract: the records of the city's data, and the faults set on it.

import { setTimeout as sleep } from "node:timers/promises";
import { type AskRequest, AskResponse } from "@onething/contracts/register/v1/register";
import { invalid, unavailable } from "@onething/kernel/errors";
import { citizenNumber, isCitizenNumber } from "@onething/kernel/identity";
import type { Fault } from "./faults.ts";
import { syntheticDivision } from "./numbers.ts";
import { compileRule, dateFunctions } from "./rules.ts";
import { type Register, type RegisterRecord, recordKey } from "./schema.ts";

export interface RegisterBook {
  ask(request: AskRequest, signal: AbortSignal): Promise<AskResponse>;
}

export interface BookOptions {
  /** The day that rules in records count from: "born nine days ago" must not move while the city runs. */
  since: Date;
  now: () => Date;
  fault: () => Fault | undefined;
}

export const openBook = (register: Register, options: BookOptions): RegisterBook => {
  const records = new Map(
    register.records.map((record, at) => [
      recordKey(record.evidence, record.person, record.to),
      { ...record, fields: evaluated(register.code, record, at, options.since) },
    ]),
  );
  const somebodyElse = (asked: string): string => {
    const other = register.records.find((record) => record.person !== asked)?.person;
    return (
      other ?? citizenNumber(`${syntheticDivision}19000101${asked.slice(14, 17) === "001" ? "003" : "001"}`)
    );
  };

  return {
    async ask(request, signal) {
      check(register, request);
      const fault = options.fault();
      if (fault?.kind === "down")
        throw unavailable(
          "register.down",
          "登记系统暂时无法访问",
          "The register is unavailable for the moment",
        );
      if (fault?.kind === "late") await sleep(fault.ms ?? 0, undefined, { signal });
      if (fault?.kind === "garbage") return garbage(request);
      const record = records.get(
        recordKey(request.evidence, request.identityNumber, request.toIdentityNumber),
      );
      const answer = AskResponse.fromPartial({
        requestId: request.requestId,
        found: record !== undefined,
        identityNumber: request.identityNumber,
        toIdentityNumber: request.toIdentityNumber,
        fields: record === undefined ? {} : wanted(record.fields, request.fields),
        reference: record?.reference ?? "",
        asOf: options.now().toISOString(),
      });
      if (fault?.kind === "wrongPerson") answer.identityNumber = somebodyElse(request.identityNumber);
      return answer;
    },
  };
};

const check = (register: Register, request: AskRequest): void => {
  if (!register.evidence.includes(request.evidence))
    throw invalid(
      "register.unknown_evidence",
      `登记系统 ${register.code} 不保存“${request.evidence}”`,
      `Register ${register.code} keeps no ${request.evidence}`,
    );
  const numbers = [
    request.identityNumber,
    ...(request.toIdentityNumber === "" ? [] : [request.toIdentityNumber]),
  ];
  if (!numbers.every(isCitizenNumber)) {
    throw invalid("register.bad_number", "身份证号码无效", "The identity number is not valid");
  }
};

/** The fields asked for, and nothing else. */
const wanted = (fields: Record<string, string>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));

const garbage = (request: AskRequest): AskResponse =>
  AskResponse.fromPartial({
    requestId: "?",
    found: true,
    identityNumber: request.identityNumber,
    toIdentityNumber: request.toIdentityNumber,
    fields: Object.fromEntries([...request.fields, "\u0000"].map((name) => [name, "\uFFFD\u0007<null>"])),
    reference: "\uFFFD",
  });

const evaluated = (
  register: string,
  record: RegisterRecord,
  at: number,
  since: Date,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record.fields).map(([field, value]) => {
      if (!value.startsWith("=")) return [field, value];
      const rule = compileRule(`registers.${register}.records.${at}.fields.${field}`, value.slice(1));
      return [field, rule({}, dateFunctions(since))];
    }),
  );
