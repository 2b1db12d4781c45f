// `onething smoke [URL] [--bundle CODE]`: one case through the public door, from the request to its end, as a person of the
// sample city, who answers what departments ask for. After an install or a restore it says whether everything works together.
import { parseArgs } from "node:util";
import { readCity } from "@onething/item-catalog/city";
import { file, finish, scriptOf } from "../demo/play.ts";
import { readSample } from "../sample.ts";

export async function runSmoke(args: string[], catalogue: string): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { bundle: { type: "string" } },
    allowPositionals: true,
  });
  const [url = "http://127.0.0.1:8080"] = positionals;
  const city = await readCity(catalogue);
  const running = { city, platform: { url, sample: readSample(city) } };
  const began = Date.now();
  const { case: ended, results } = await finish(await file(running, scriptOf(running, values.bundle)));
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  const of = `${ended.items.length}, ${results.length}`;
  console.log(
    `办件 ${ended.id} 用 ${seconds} 秒办结（${ended.outcome}；事项、结果：${of}） · Case ${ended.id} ended after ${seconds} s (${ended.outcome}; items, results: ${of})`,
  );
  return ended.outcome === "all_granted" ? 0 : 1;
}
