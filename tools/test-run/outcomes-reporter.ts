import { resolve } from "node:path";
import type { TestEvent } from "node:test/reporters";
import { type Outcome, UNKNOWN_FILE } from "./second-run.ts";

/** What the runner says of a test, a suite, a hook or a whole file that failed. */
type Failed = Extract<TestEvent, { type: "test:fail" }>["data"];

/**
 * A reporter of Node's test runner that writes each failed test and each file that passed as a line of JSON, as
 * `readOutcomes` reads it. The runner names the file in which a test, a suite or a hook is written, which may be one
 * that many test files share; which of them it ran in is known at its end.
 */
// biome-ignore lint/style/noDefaultExport: that is what the runner takes from a reporter's module.
export default async function* outcomesReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let errors: string[] = [];
  for await (const event of events) {
    if (event.type === "test:fail") errors.push(errorOf(event.data));
    const file = endedFile(event);
    if (file === undefined) continue;
    if (event.type === "test:fail" || (event.type === "test:summary" && !event.data.success))
      yield* linesOf(file, errors);
    else yield lineOf({ file });
    errors = [];
  }
  if (errors.length > 0) yield* linesOf(UNKNOWN_FILE, errors);
}

function errorOf({ details }: Failed): string {
  const { cause } = details.error;
  return cause instanceof Error ? cause.name : String(cause);
}

/** The test file that an event is the last of. One that died, or took too long, has a failure of its own and no summary. */
function endedFile({ type, data }: TestEvent): string | undefined {
  if (type === "test:summary") return data.file;
  return type === "test:fail" && data.file === resolve(data.name) ? data.file : undefined;
}

function* linesOf(file: string, errors: readonly string[]): Generator<string> {
  for (const error of errors.length === 0 ? ["unknown"] : errors) yield lineOf({ file, error });
}

function lineOf(outcome: Outcome): string {
  return `${JSON.stringify(outcome)}\n`;
}
