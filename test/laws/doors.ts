// Every route is a declared one, so that the published contract and the permissions are whole.
import type { Law } from "./law.ts";
import { isTest, type Node, nameOf, textOf } from "./tree.ts";

const plain = /(^|\.)(get|post|put|patch|delete|all|on|use|route|mount|basePath)$/;

export const declaredRoutes: Law = {
  says: "every route is declared with api.openapi, on routes(deps)",
  find: (tree) =>
    tree
      .modules("services")
      .filter(({ path }) => !isTest(path))
      .filter(({ imports }) =>
        imports.some(({ from }) => /^(hono|@hono\/.+|@onething\/service\/http)$/.test(from)),
      )
      .flatMap((module) => [
        ...module
          .nodes("CallExpression")
          .filter(
            (node) =>
              (node.callee as Node).type === "MemberExpression" &&
              plain.test(nameOf(node.callee)) &&
              textOf((node.arguments as Node[])[0]).startsWith("/"),
          )
          .map((node) => `${module.place(node)} ${nameOf(node.callee)}`),
        ...module
          .nodes("NewExpression")
          .filter((node) => /^(Hono|OpenAPIHono)$/.test(nameOf(node.callee)))
          .map((node) => `${module.place(node)} new ${nameOf(node.callee)}`),
      ]),
  refuses: [
    {
      "services/a/src/http.ts":
        'import { routes } from "@onething/service/http"; routes(d).get("/api/v1/x", (c) => c);',
    },
    { "services/a/src/http.ts": 'import { Hono } from "hono"; export const app = new Hono();' },
    {
      "services/a/src/http.ts": `import { routes } from "@onething/service/http"; api.use(\`/api/\${x}\`, (c) => c);`,
    },
  ],
  accepts: [
    {
      "services/a/src/http.ts":
        'import { routes } from "@onething/service/http"; api.openapi(createRoute({ path: "/api/v1/x" }), go); map.get("x");',
      "services/b/src/x.ts": 'client.get("/api/v1/x", (c) => c);',
    },
  ],
};
