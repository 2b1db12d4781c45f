// A CPU profile of this process while something runs, summed up: which area of the code the time went to, and the
// functions that took most of it themselves.

import type { Profiler } from "node:inspector";
import { Session } from "node:inspector/promises";

/** By where a function lies; the first that fits. */
const areas: [name: string, fits: RegExp][] = [
  ["journal", /packages\/journal\//],
  ["crypto", /packages\/sealing\/|jose@|node:internal\/crypto|node:crypto/],
  ["pg", /packages\/postgres\/|\/pg(-\w+)*@|node_modules\/(pg|postgres)-?\w*\//],
  ["gRPC", /grpc|packages\/service\/src\/(rpc|client)|node:internal\/http2|node:http2/],
  ["protobuf", /packages\/contracts\/|@bufbuild\/protobuf|packages\/events\//],
  ["HTTP", /hono|node:_http|node:internal\/http|undici|packages\/service\//],
  ["validation", /zod/],
  ["rules", /cel/],
  ["bench", /test\/bench\//],
  ["services", /services\//],
  ["kernel", /packages\/kernel\//],
  ["sockets", /node:net|node:internal\/stream|node:stream|node:buffer|node:events/],
];

export interface Summary {
  busyMs: number;
  areas: { name: string; ms: number }[];
  functions: { name: string; ms: number }[];
}

export async function profiled<T>(work: () => Promise<T>): Promise<{ result: T; summary: Summary }> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 500 });
  await session.post("Profiler.start");
  try {
    const result = await work();
    const { profile } = await session.post("Profiler.stop");
    return { result, summary: summarise(profile) };
  } finally {
    session.disconnect();
  }
}

function summarise(profile: Profiler.Profile): Summary {
  const own = new Map<number, number>();
  profile.samples?.forEach((id, i) => {
    own.set(id, (own.get(id) ?? 0) + (profile.timeDeltas?.[i] ?? 0) / 1000);
  });
  const byArea = new Map<string, number>();
  const byFunction = new Map<string, number>();
  for (const { id, callFrame } of profile.nodes) {
    const ms = own.get(id) ?? 0;
    if (ms === 0 || callFrame.functionName === "(idle)") continue;
    const area = areaOf(callFrame);
    const file = callFrame.url
      .replace(/^.*\/(node_modules|main)\//, "")
      .replace(/^file:.*\/(packages|services|test)\//, "$1/");
    const name = `${area.padEnd(10)} ${callFrame.functionName || "(anonymous)"} ${file.split("/").slice(-3).join("/")}:${callFrame.lineNumber + 1}`;
    byArea.set(area, (byArea.get(area) ?? 0) + ms);
    byFunction.set(name, (byFunction.get(name) ?? 0) + ms);
  }
  const busyMs = [...byArea.values()].reduce((sum, ms) => sum + ms, 0);
  return { busyMs, areas: ranked(byArea), functions: ranked(byFunction) };
}

/** JSON.parse and hashing are native and bear their own names. */
function areaOf({ functionName, url }: Profiler.ProfileNode["callFrame"]): string {
  if (functionName === "(garbage collector)") return "GC";
  if (/^(parse|stringify)$/.test(functionName) && url === "") return "JSON";
  if (url === "" && /hash|hmac|cipher|sign|verify|random|digest/i.test(functionName)) return "crypto";
  if (url === "") return /^write|^shutdown|^readStart/.test(functionName) ? "sockets" : "native";
  return areas.find(([, fits]) => fits.test(url))?.[0] ?? "node";
}

const ranked = (sums: Map<string, number>): { name: string; ms: number }[] =>
  [...sums].map(([name, ms]) => ({ name, ms })).sort((a, b) => b.ms - a.ms);

export function printSummary({ busyMs, areas, functions }: Summary, top = 40): string {
  const line = ({ name, ms }: { name: string; ms: number }) =>
    `    ${((100 * ms) / busyMs).toFixed(1).padStart(5)} %  ${name}`;
  return [
    `  profile: ${Math.round(busyMs)} ms busy`,
    ...areas.map(line),
    "  functions by their own time:",
    ...functions.slice(0, top).map(line),
  ].join("\n");
}
