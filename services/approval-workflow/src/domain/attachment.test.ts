import { OnethingError } from "@onething/kernel/errors";
import { describe, expect, test } from "vitest";
import { checkedDeclaration, type Declared, mostFiles, mustBeginRight, sameFile } from "./attachment.ts";
import { acts, li, Play, system, wang } from "./play.fixture.ts";

const good: Declared = {
  ...{ name: "survey.pdf", mediaType: "application/pdf", bytes: 10, sha256: "a".repeat(64) },
  ...{ purpose: "勘验报告", forApplicant: false },
};
const refusal = (given: Partial<Declared>): string => {
  try {
    checkedDeclaration({ ...good, ...given });
    return "";
  } catch (error) {
    if (!(error instanceof OnethingError)) throw error;
    return `${error.reason} ${error.fields.map(({ field }) => field).join()}`;
  }
};

describe("what is said of a file", () => {
  test.each([
    ["C:\\fakepath\\报告.PDF", "报告.PDF"],
    ["../../etc/survey.pdf", "survey.pdf"],
    ["a\u0000b\u202Egpj.pdf", "abgpj.pdf"],
    ['  a:"b"\t c?.pdf ', "a__b_ c_.pdf"],
    ["\u0065\u0301.pdf", "\u00e9.pdf"],
  ])("%j is called %j", (given, name) => {
    expect(checkedDeclaration({ ...good, name: given }).name).toBe(name);
  });

  test.each<[string, Partial<Declared>, string]>([
    ["no name", { name: "" }, "attachment.invalid name,name"],
    ["an extension alone", { name: "folder/.pdf" }, "attachment.invalid name"],
    ["a name too long", { name: `${"名".repeat(117)}.pdf` }, "attachment.invalid name"],
    ["another extension", { name: "survey.pdf.exe" }, "attachment.invalid name"],
    ["a medium that is not taken", { mediaType: "text/html" }, "attachment.invalid mediaType"],
    ["a medium of another name", { mediaType: "image/png" }, "attachment.invalid name"],
    ["a name that every object has", { mediaType: "constructor" }, "attachment.invalid mediaType"],
    ["nothing in it", { bytes: 0 }, "attachment.invalid bytes"],
    ["more than 20 MiB", { bytes: 20 * 1024 * 1024 + 1 }, "attachment.invalid bytes"],
    ["half a byte", { bytes: 1.5 }, "attachment.invalid bytes"],
    ["a hash that is none", { sha256: "z".repeat(64) }, "attachment.invalid sha256"],
    ["no purpose", { purpose: " " }, "attachment.invalid purpose"],
    ["an identity number in its name", { name: "430999 19920815 0027.pdf" }, "approval.words_invalid name"],
    ["a phone number in its purpose", { purpose: "请打 19900001234" }, "approval.words_invalid purpose"],
  ])("of %s: refused", (_, given, told) => {
    expect(refusal(given)).toBe(told);
  });

  test("the longest name and the largest file are taken; the hash may be written large", () => {
    const name = `${"名".repeat(116)}.pdf`;
    const checked = checkedDeclaration({ ...good, name, bytes: 20 * 1024 * 1024, sha256: "A".repeat(64) });
    expect(checked).toEqual({ ...good, name, bytes: 20 * 1024 * 1024 });
  });

  test.each([
    ["application/pdf", "%PDF-1.7"],
    ["image/png", "\x89PNG\r\n\x1a\n"],
    ["image/jpeg", "\xff\xd8\xff\xe0"],
    ["application/ofd", "PK\x03\x04"],
  ])("%s begins as it must, and as nothing else", (mediaType, begin) => {
    const first = Buffer.from(`${begin}…`, "latin1");
    expect(() => mustBeginRight({ ...good, mediaType }, first)).not.toThrow();
    for (const other of [Buffer.from("<html>"), first.subarray(0, 2), first.subarray(1), Buffer.alloc(0)])
      expect(() => mustBeginRight({ ...good, mediaType }, other)).toThrow(
        expect.objectContaining({ reason: "attachment.other_medium" }),
      );
  });

  test("a file is the same only if all that is said of it is", () => {
    expect(sameFile(good, { ...good })).toBe(true);
    for (const other of [
      ...[{ name: "b.pdf" }, { mediaType: "image/png" }, { bytes: 11 }, { sha256: "b".repeat(64) }],
      ...[{ purpose: "x" }, { forApplicant: true }],
    ])
      expect(sameFile(good, { ...good, ...other })).toBe(false);
  });
});

test("what is attached is on record once, with who and when; nobody claims by it, and it stays as it was", () => {
  const play = new Play().do(acts.attach(system, 1), acts.attach(wang, 2));
  const [first] = play.state.attachments!;
  expect(first).toMatchObject({ id: "file-1", by: "department:police", at: play.now.toISOString() });
  expect(play.state.claimedBy).toBe("");
  expect(play.outcome(acts.attach(li, 1))).toBe("");
  play.do(acts.accept(), acts.pause(), acts.attach(wang, 3));
  expect(play.state.attachments?.map(({ id }) => id)).toEqual(["file-1", "file-2", "file-3"]);
});

test("a piece of work has so many files and no more", () => {
  const play = new Play();
  for (let n = 1; n <= mostFiles; n++) play.do(acts.attach(li, n));
  expect(play.outcome(acts.attach(li, mostFiles + 1))).toBe("conflict attachment.too_many");
  expect(play.outcome(acts.attach(li, 1))).toBe("");
});
