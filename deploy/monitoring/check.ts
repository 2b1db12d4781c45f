// Part of .ci/manifests: the dashboard and the alerts ask only for metrics there are, and every alert is explained to whoever
// is woken by it. Prints the dashboard's queries as rules, so that promtool can say whether it understands them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const read = (...path: string[]): string => readFileSync(join(here, ...path), "utf8");

/** What the processes really tell at /metrics (a test at scale writes that list), and what others add. */
const metrics = new Set([
  ...read("metrics.txt")
    .trim()
    .split("\n")
    .map((line) => line.split(" ")[0]),
  // Of kube-state-metrics.
  "kube_cronjob_created",
  "kube_cronjob_status_last_successful_time",
  "kube_statefulset_status_replicas_ready",
]);

const dashboard = JSON.parse(read("dashboard.json")) as {
  panels: { id: number; title: string; targets?: { expr: string }[] }[];
};
const alerts = read("alerts.yaml") + read("alerts-kubernetes.yaml");
const operatorsPage = read("..", "README.md");

const queries = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
const names = [...alerts.matchAll(/- alert: (\w+)/g)].map((match) => match[1]!);
const headings = [...operatorsPage.matchAll(/^#+ (\w+)$/gm)].map((match) => match[1]!);
const ids = dashboard.panels.map(({ id }) => id);

const wrong = [
  ...[alerts, ...queries]
    .flatMap((text) => text.match(/\b(onething|process|nodejs|kube)_\w+/g) ?? [])
    .filter((name) => !metrics.has(name))
    .map((name) => `there is no metric ${name}`),
  ...names
    .filter((name) => !headings.includes(name))
    .map((name) => `deploy/README.md does not explain ${name}`),
  ...headings
    .filter((name) => name.startsWith("Onething") && !names.includes(name))
    .map((name) => `deploy/README.md explains ${name}, which is no alert`),
  ...names
    .filter((name) => !alerts.includes(`runbook: deploy/README.md#${name.toLowerCase()}\n`))
    .map((name) => `${name} does not say where it is explained`),
  ...(new Set(ids).size === ids.length ? [] : ["two panels of the dashboard have one id"]),
  ...(queries.length > 0 && names.length > 0 ? [] : ["nothing was found to check"]),
];
for (const line of wrong) process.stderr.write(`monitoring: ${line}\n`);
process.exitCode = wrong.length > 0 ? 1 : 0;

/** Grafana fills these in. */
const filledIn = (query: string): string =>
  query.replaceAll("$__rate_interval", "5m").replaceAll("$service", ".*");
const rules = queries.map((query, index) => ({ record: `panel:${index}`, expr: filledIn(query) }));
process.stdout.write(JSON.stringify({ groups: [{ name: "dashboard", rules }] }));
