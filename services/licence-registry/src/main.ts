// The licence registry as a process of its own.
import { runProcess } from "@onething/service/process";
import { createService, schema } from "./service.ts";

await runProcess({ name: "licence-registry", schema, create: createService });
