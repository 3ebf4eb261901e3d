import type { TestEvent } from "node:test/reporters";
import type { Failure } from "./second-run.ts";

/** A reporter of Node's test runner that writes each failed test as a line of JSON, as `readFailures` reads it. */
// biome-ignore lint/style/noDefaultExport: that is what the runner takes from a reporter's module.
export default async function* failuresReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    if (event.type !== "test:fail") continue;
    const { file, name, details } = event.data;
    const { cause } = details.error;
    const failure: Failure = {
      file: file ?? name,
      error: cause instanceof Error ? cause.name : String(cause),
    };
    yield `${JSON.stringify(failure)}\n`;
  }
}
