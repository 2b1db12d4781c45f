import { expect, test } from "vitest";
import { createLog } from "./log.ts";

test("personal fields and numbers do not reach the log, however they came in", () => {
  const lines: string[] = [];
  const log = createLog({ service: "test", level: "info", to: { write: (line) => void lines.push(line) } });
  const person = { name: "张三", identityNumber: "430999199001010019", phone: "19900001234" };
  log.info({ person, form: { street: "某路" }, caseId: "c1" }, "filed by 430999199001010019");
  log.error({ err: new Error("duplicate key (number)=(43099919900101001X), call 19900001234") }, "failed");
  log.error({
    err: Object.assign(new Error("x", { cause: new Error("why") }), { detail: "Key (name)=(张三)" }),
  });
  log.child({ name: "张三" }).warn({ deep: { er: { phone: "19900001234" } } }, "child");
  const text = lines.join("");
  expect(text).not.toMatch(/张三|某路|43099919900101001|1990000/);
  expect(text).toContain("[identity number]");
  expect(text).toContain("why");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "info", service: "test", caseId: "c1" });
});

test("times and ids are left as they are", () => {
  const lines: string[] = [];
  const log = createLog({ service: "test", to: { write: (line) => void lines.push(line) } });
  const id = "01890a5d-ac96-774b-bcce-123456789012";
  log.info({ id, at: 1773878400000, n: 43099919900101 }, "x");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ id, at: 1773878400000, n: 43099919900101 });
});
