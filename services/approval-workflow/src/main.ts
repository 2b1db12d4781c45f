// The approval workflow as a process of its own.
import { runProcess } from "@onething/service/process";
import { createService, schema } from "./service.ts";

await runProcess({
  name: "approval-workflow",
  schema,
  create: (deps, { config }) => createService({ ...deps, publicUrl: () => config.publicUrl }),
});
