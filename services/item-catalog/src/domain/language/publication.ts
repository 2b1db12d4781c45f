// A published version as it was written: read through the same language, so that what a later language adds has its default.
import { z } from "zod";
import type { Publication } from "../catalogue.ts";
import { Bundle } from "./bundle.ts";
import { City, Department, Evidence } from "./city.ts";
import { Item } from "./item.ts";

const schema = z.object({
  city: City,
  bundle: Bundle,
  items: z.array(Item),
  departments: z.array(Department),
  evidence: z.array(Evidence),
});

export const readPublication = (content: string): Publication => schema.parse(JSON.parse(content));
