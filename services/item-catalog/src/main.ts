// The item catalogue as a process of its own.
import { runProcess } from "@onething/service/process";
import { readCity } from "./city.ts";
import { createService, schema } from "./service.ts";

await runProcess({
  name: "item-catalog",
  schema,
  create: async (deps, { config }) => {
    const { catalogue } = await readCity(config.catalogue);
    return createService({ ...deps, city: catalogue });
  },
});
