import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

const whole = {
  ONETHING_DATABASE_URL: "postgres:///onething",
  ONETHING_MASTER_KEY: "/keys/master.json",
  ONETHING_JWKS: "https://sign-in.example/jwks",
  ONETHING_ISSUER: "https://sign-in.example",
};

test("what is not set has a default that only this machine can reach", () => {
  expect(readConfig(whole)).toMatchObject({
    grpcAddress: "127.0.0.1:7104",
    httpHost: "127.0.0.1",
    logLevel: "info",
  });
});

test("every variable that is missing or wrong is named", () => {
  const { ONETHING_ISSUER: _, ...rest } = { ...whole, ONETHING_HTTP_PORT: "many" };
  for (const name of ["ONETHING_ISSUER", "ONETHING_HTTP_PORT"])
    expect(() => readConfig(rest)).toThrow(
      expect.objectContaining({ code: "invalid", message: expect.stringContaining(name) }),
    );
});
