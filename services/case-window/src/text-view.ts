// Words in both languages at the HTTP door.
import { z } from "@onething/service/http";

export const Text = z.object({ zh: z.string(), en: z.string() }).openapi("Text");
export const text = (value: { zh: string; en: string } | undefined) => value ?? { zh: "", en: "" };
