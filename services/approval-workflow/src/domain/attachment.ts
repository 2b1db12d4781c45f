// Files at a piece of work (surveys, test results, scans): which are taken, what they are called, and when one of them counts.
import type { ApprovalAttached } from "@onething/contracts/approval/v1/desk_events";
import { conflict, type FieldProblem, invalid, type OnethingError } from "@onething/kernel/errors";
import { idFrom } from "@onething/kernel/ids";
import { mustBeWords } from "./result.ts";
import type { Stroke } from "./stroke.ts";

/** What whoever sends a file says of it before its bytes. */
export interface Declared {
  name: string;
  mediaType: string;
  /** Length of the whole file. */
  bytes: number;
  /** Of the whole file, hex. */
  sha256: string;
  /** What it is for, in words. */
  purpose: string;
  /** The applicant, and whoever follows the case, may read it. */
  forApplicant: boolean;
}

export interface Attached extends Declared {
  id: string;
  by: string;
  at: string;
}

/** A scan of some hundred pages fits; a film does not. */
export const mostBytes = 20 * 1024 * 1024;
/** Of one piece of work, those still on their way among them: nobody fills the store with one application. */
export const mostFiles = 20;
const longestName = 120;

/** What is taken: by its name, and by what its bytes begin with. OFD (GB/T 33190) is a ZIP container. */
const media: Record<string, { extensions: readonly string[]; begins: readonly number[] }> = {
  "application/pdf": { extensions: ["pdf"], begins: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  "image/png": { extensions: ["png"], begins: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  "image/jpeg": { extensions: ["jpg", "jpeg"], begins: [0xff, 0xd8, 0xff] },
  "application/ofd": { extensions: ["ofd"], begins: [0x50, 0x4b, 0x03, 0x04] },
};
export const mediaTypes = Object.keys(media);

/** The same file of the same sender is the same attachment, however often it is sent. */
export const attachmentId = (approval: string, by: string, key: string): string =>
  idFrom("attachment", approval, by, key);

/** Errors: `attachment.invalid` with a problem for each field; `approval.words_invalid` for personal data in words. */
export function checkedDeclaration(given: Declared): Declared {
  const name = plainName(given.name);
  const sha256 = given.sha256.toLowerCase();
  const problems = [
    ...nameProblems(name, given.mediaType),
    ...(given.bytes >= 1 && given.bytes <= mostBytes && Number.isInteger(given.bytes) ? [] : [wrongLength]),
    ...(/^[0-9a-f]{64}$/.test(sha256) ? [] : [wrongHash]),
    ...(given.purpose.trim() ? [] : [noPurpose]),
  ];
  if (problems.length > 0)
    throw invalid("attachment.invalid", "附件信息有误", "What is said of the file is not right", {
      fields: problems,
    });
  mustBeWords("name", name);
  mustBeWords("purpose", given.purpose);
  return { ...given, name, sha256, purpose: given.purpose.trim() };
}

/** Without folders, control characters, marks that turn the direction of writing, and what file systems do not take. */
const plainName = (given: string): string =>
  (given.normalize("NFC").split(/[/\\]/).at(-1) ?? "")
    .replaceAll(/\p{C}/gu, "")
    .replaceAll(/[<>:"|?*]/g, "_")
    .replaceAll(/\s+/g, " ")
    .trim();

function nameProblems(name: string, mediaType: string): FieldProblem[] {
  const { extensions } = media[mediaType] ?? {};
  if (!extensions)
    return [problem("mediaType", `须为 ${mediaTypes.join("、")}`, `is one of ${mediaTypes.join(", ")}`)];
  const extension = /[^.]\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  return [
    ...(name && [...name].length <= longestName
      ? []
      : [problem("name", `须为 1 至 ${longestName} 个字符`, `has 1 to ${longestName} characters`)]),
    ...(extensions.includes(extension)
      ? []
      : [problem("name", `须以 .${extensions.join(" 或 .")} 结尾`, `ends in .${extensions.join(" or .")}`)]),
  ];
}

const problem = (field: string, zh: string, en: string): FieldProblem => ({ field, text: { zh, en } });
const wrongLength = problem("bytes", "须为 1 字节至 20 MiB", "is between 1 byte and 20 MiB");
const wrongHash = problem("sha256", "须为 64 位十六进制数", "has 64 hexadecimal digits");
const noPurpose = problem("purpose", "不能为空", "must be said");

/** Errors: `attachment.other_medium` where the first bytes of a file are not those of what it is said to be. */
export function mustBeginRight({ mediaType }: Declared, first: Uint8Array): void {
  if (media[mediaType]?.begins.every((byte, i) => first[i] === byte)) return;
  throw invalid(
    "attachment.other_medium",
    `文件内容不是 ${mediaType}`,
    `The file's content is not ${mediaType}, whatever its name says`,
  );
}

export const sameFile = (one: Declared, other: Declared): boolean =>
  one.sha256 === other.sha256 &&
  one.bytes === other.bytes &&
  one.name === other.name &&
  one.mediaType === other.mediaType &&
  one.purpose === other.purpose &&
  one.forApplicant === other.forApplicant;

export const tooMany = (): OnethingError =>
  conflict(
    "attachment.too_many",
    `每件事项最多 ${mostFiles} 个附件`,
    `A piece of work has at most ${mostFiles} attachments`,
  );

export const attachedIn = (data: ApprovalAttached, at: string): Attached => {
  const { attachmentId: id, name, mediaType, bytes, sha256, purpose, forApplicant, by } = data;
  return { id, name, mediaType, bytes, sha256, purpose, forApplicant, by, at };
};

/** Whoever attaches claims nothing. What is attached already stays as it is. */
export function attach(stroke: Stroke, by: string, file: Omit<Attached, "by" | "at">): Stroke {
  const { attachments = [] } = stroke.state;
  if (attachments.some(({ id }) => id === file.id)) return stroke;
  if (attachments.length >= mostFiles) throw tooMany();
  const { id: attachmentId, ...declared } = file;
  return stroke.add({ type: "approval.attached", data: { ...stroke.about, attachmentId, ...declared, by } });
}
