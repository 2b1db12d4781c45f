// Skips what needs Kafka and Redis where one of them cannot be had. Why, and what would mend it, the run has said once;
// where CI=true it does not come to this.
import { inject, TestRunner } from "vitest";

export default class extends TestRunner {
  override async onBeforeRunSuite(suite: Parameters<TestRunner["onBeforeRunSuite"]>[0]): Promise<void> {
    if (inject("kafkaMissing") || inject("redisMissing")) suite.mode = "skip";
    await super.onBeforeRunSuite(suite);
  }
}
