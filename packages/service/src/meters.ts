// What a process counts and measures. An operator reads the counters as they are; Prometheus reads all of it at /metrics.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Meters } from "./types.ts";

/** Counters that Prometheus knows by another name. */
const exported: Record<string, [name: string, help: string]> = {
  commands: ["onething_journal_commands_total", "Commands that went through the journal"],
  commits: ["onething_journal_commits_total", "Commits of the journal"],
  events: ["onething_journal_events_total", "Events that were written"],
};

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Measure {
  help: string;
  labels: readonly string[];
  buckets: readonly number[];
}

const measures = {
  onething_http_request_seconds: {
    help: "HTTP requests, until the answer begins",
    labels: ["method", "route"],
    buckets: seconds,
  },
  onething_grpc_call_seconds: { help: "gRPC calls answered", labels: ["method"], buckets: seconds },
  onething_journal_commit_seconds: { help: "Flushes of the journal", labels: [], buckets: seconds },
  onething_journal_flush_commands: {
    help: "Commands in one flush",
    labels: [],
    buckets: [1, 2, 5, 10, 20, 50, 100, 200],
  },
} as const satisfies Record<string, Measure>;

const totals = {
  onething_http_requests_total: { help: "HTTP requests answered", labels: ["method", "route", "status"] },
  onething_grpc_calls_total: { help: "gRPC calls answered", labels: ["method", "code"] },
} as const;

export type MeasureName = keyof typeof measures;
export type TotalName = keyof typeof totals;

/** A number that is asked for when somebody looks: its labels and value, or several of them. */
export type Look = () => Promise<{ labels?: Record<string, string>; value: number }[]>;

export interface GaugeSpec {
  name: `onething_${string}`;
  help: string;
  labels?: readonly string[];
  look: Look;
}

export interface ServiceMeters extends Meters {
  /** A number whose value is asked for when somebody looks. */
  gauge(spec: GaugeSpec): void;
  /** For Prometheus. */
  expose(): Promise<{ text: string; contentType: string }>;
}

/** `service` labels everything; without it the process's own figures (memory, event loop) are not collected. */
export function createMeters(service?: string): ServiceMeters {
  const counts = new Map<string, number>();
  const registry = new Registry();
  if (service) {
    registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: registry });
  }
  const histograms = new Map<string, Histogram>(
    Object.entries(measures).map(([name, { help, labels, buckets }]) => [
      name,
      new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers: [registry] }),
    ]),
  );
  const counters = new Map<string, Counter>(
    Object.entries(totals).map(([name, { help, labels }]) => [
      name,
      new Counter({ name, help, labelNames: labels, registers: [registry] }),
    ]),
  );
  for (const [own, [name, help]] of Object.entries(exported))
    new Counter({
      ...{ name, help, registers: [registry] },
      collect() {
        this.reset();
        this.inc(counts.get(own) ?? 0);
      },
    });
  return {
    count: (name, n = 1) => {
      counts.set(name, (counts.get(name) ?? 0) + n);
    },
    observe: (name, value, labels = {}) => histograms.get(name)?.observe(labels, value),
    total: (name, labels) => counters.get(name)?.inc(labels),
    read: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    gauge: ({ name, help, labels = [], look }) => {
      new Gauge({
        ...{ name, help, labelNames: [...labels], registers: [registry] },
        async collect() {
          // What cannot be asked just now is absent, not zero.
          const found = await look().catch(() => []);
          this.reset();
          if (labels.length === 0) this.remove(); // its reset leaves a zero
          for (const { labels: of = {}, value } of found) this.set(of, value);
        },
      });
    },
    expose: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
  };
}
