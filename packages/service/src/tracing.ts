// Traces (OpenTelemetry, W3C Trace Context): one case can be followed through HTTP, gRPC, the journal and the bus. Ids are
// always there, for the log and the events; spans are recorded and sent only where a collector is named.

import type { Consumer } from "@onething/events/consumer";
import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace-node";

import { eachStep } from "./request-id.ts";

export { SpanKind } from "@opentelemetry/api";

export interface TracingOptions {
  service: string;
  /** Collector's OTLP/HTTP endpoint for traces; without it nothing is recorded. */
  url?: string | undefined;
  /** Share of the traces that begin here and are recorded, 0 to 1. */
  share?: number;
  /** Where spans go besides; for tests. */
  processors?: SpanProcessor[];
}

/** Once a process. What it gives sends what is still to be sent, and stops. */
export function startTracing({
  service,
  url,
  share = 1,
  processors = [],
}: TracingOptions): () => Promise<void> {
  const all = [...processors, ...(url ? [new BatchSpanProcessor(new OTLPTraceExporter({ url }))] : [])];
  const root = all.length > 0 ? new TraceIdRatioBasedSampler(share) : new AlwaysOffSampler();
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": service, "service.namespace": "onething" }),
    sampler: new ParentBasedSampler({ root }),
    spanProcessors: all,
  });
  provider.register();
  return () => provider.shutdown();
}

const tracer = trace.getTracer("onething");

export interface SpanOptions {
  kind?: SpanKind;
  /** Never personal data: templates, names and ids. */
  attributes?: Attributes;
  /** The `traceparent` of what it follows from; without it the span belongs to what is being done now. */
  parent?: string | undefined;
}

/** Runs the work in a span of its own; a failure marks the span and passes on. */
export async function inSpan<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  const { span, within } = open(name, options);
  try {
    return await context.with(within, work);
  } catch (error) {
    throw failed(span, error);
  } finally {
    span.end();
  }
}

/** The same for a generator: each of its steps runs in the span, which ends with it. */
export async function* inSpanEach<Item, End>(
  name: string,
  options: SpanOptions,
  steps: AsyncGenerator<Item, End, undefined>,
): AsyncGenerator<Item, End, undefined> {
  const { span, within } = open(name, options);
  try {
    return yield* eachStep((step) => context.with(within, step), steps);
  } catch (error) {
    throw failed(span, error);
  } finally {
    span.end();
  }
}

function open(name: string, { kind = SpanKind.INTERNAL, attributes = {}, parent }: SpanOptions) {
  const around = parent ? propagation.extract(ROOT_CONTEXT, { traceparent: parent }) : context.active();
  const span = tracer.startSpan(name, { kind, attributes }, around);
  return { span, within: trace.setSpan(around, span) };
}

/** The kind of error, never its words: they may name somebody. */
function failed(span: Span, error: unknown): unknown {
  span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : "error" });
  return error;
}

/** Names the running span, once it is known what it is. */
export const renameSpan = (name: string, attributes: Attributes): void => {
  trace.getActiveSpan()?.updateName(name).setAttributes(attributes);
};

/** What is being done now, as a `traceparent` header; "" where no trace runs. */
export function traceparent(): string {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? "";
}

export const traceId = (): string | undefined => trace.getActiveSpan()?.spanContext().traceId;

/** The same consumer, each event handled in a span that follows from what wrote it, and names its case. */
export const traced = (consumer: Consumer): Consumer => ({
  ...consumer,
  handle: (event) => {
    const attributes = { "onething.case_id": event.caseId, "onething.stream": event.stream };
    const span = { kind: SpanKind.CONSUMER, parent: event.trace, attributes };
    return inSpan(`${consumer.name} ${event.type}`, span, () => consumer.handle(event));
  },
});
