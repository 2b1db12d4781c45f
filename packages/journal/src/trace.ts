// Where a command stands in a trace (OpenTelemetry). Without a provider in the process all of this does nothing.
import { context, propagation, SpanStatusCode, trace } from "@opentelemetry/api";

const tracer = trace.getTracer("onething/journal");

/** What is being done now, as a W3C `traceparent`; "" where no trace runs. */
export function runningTrace(): string {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? "";
}

/** A span for a command, from the queue to the commit; it names the stream, and the case once that is known. */
export async function commandSpan<T>(
  name: string,
  stream: string,
  work: () => Promise<T>,
  caseOf: (done: T) => string,
): Promise<T> {
  return tracer.startActiveSpan(name, { attributes: { "onething.stream": stream } }, async (span) => {
    try {
      const done = await work();
      span.setAttribute("onething.case_id", caseOf(done));
      return done;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : "error" });
      throw error;
    } finally {
      span.end();
    }
  });
}
