import { parseApi } from "../api/parse.ts";
import { ContractError } from "../emit/index.ts";
import { parseProto } from "../proto/parse-proto.ts";
import { parseSql } from "../sql/parse-sql.ts";
import { createRandom } from "./random.ts";
import { apiText, mutated, protoText, sqlText } from "./texts.ts";

/** What a run of the fuzzer saw. */
export interface FuzzResult {
  /** Inputs that were contracts. */
  readonly accepted: number;
  /** The longest that one took, milliseconds. */
  readonly slowestMs: number;
}

const PARSERS: readonly [write: typeof apiText, parse: (text: string) => unknown][] = [
  [apiText, (text) => parseApi(text, "a.api")],
  [sqlText, (text) => parseSql(text, "a.sql", { dump: true })],
  [protoText, (text) => parseProto(text, "a.proto")],
];

/**
 * Gives the parsers texts of a grammar, two of three of them broken somewhere.
 *
 * @throws Error with seed and input where a parser fails otherwise than by ContractErrors with places in the text.
 */
export function fuzzParsers(seed: number, inputs: number): FuzzResult {
  const random = createRandom(seed);
  let accepted = 0;
  let slowestMs = 0;
  for (let index = 0; index < inputs; index += 1) {
    const [write, parse] = random.pick(PARSERS);
    const whole = write(random);
    const text = random.below(3) === 0 ? whole : mutated(random, whole);
    const start = performance.now();
    try {
      parse(text);
      accepted += 1;
    } catch (error) {
      if (!(error instanceof ContractError) || !areInside(text, error))
        throw new Error(`seed ${seed}, input ${index}: ${JSON.stringify(text)}`, { cause: error });
    }
    slowestMs = Math.max(slowestMs, performance.now() - start);
  }
  return { accepted, slowestMs };
}

/** Whether each error stands at a character of the text, or at its end. */
function areInside(text: string, error: ContractError): boolean {
  const lines = text.split("\n");
  return [error, ...error.others].every(({ position: { line, column } }) => {
    const length = lines[line - 1]?.length;
    return length !== undefined && column >= 1 && column <= length + 1;
  });
}
