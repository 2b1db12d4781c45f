import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

const env = {
  ONETHING_DATABASE_URL: "postgres:///onething",
  ONETHING_MASTER_KEY: "/keys/master.json",
  ONETHING_JWKS: "http://127.0.0.1:8080/jwks.json",
  ONETHING_ISSUER: "onething",
  ONETHING_SERVICE_TOKEN: "t",
};

test("serials are marked as synthetic unless a city says otherwise", () => {
  expect(readConfig(env).serialPrefix).toBe("TEST");
  expect(readConfig({ ...env, ONETHING_SERIAL_PREFIX: "" }).serialPrefix).toBe("");
});

test.each([
  ["ONETHING_DATABASE_URL", undefined],
  ["ONETHING_JWKS", "nowhere"],
  ["ONETHING_SERIAL_PREFIX", "lower-case"],
  ["ONETHING_HTTP_PORT", "70000"],
])("%s = %s is refused by name", (name, value) => {
  expect(() => readConfig({ ...env, [name]: value })).toThrow(name);
});
