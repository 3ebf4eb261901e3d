import { parseApi } from "../api/parse.ts";
import { ContractError } from "../emit/index.ts";
import { parseProto } from "../proto/parse-proto.ts";
import { parseSql } from "../sql/parse-sql.ts";
import { cpuMs } from "./cpu-time.ts";
import { createRandom, type Random } from "./random.ts";
import { apiText, mutated, protoText, sqlText } from "./texts.ts";

/** No input of a few lines may take longer, in milliseconds of CPU. */
export const INPUT_MS_MAX = 100;

/** What a run of the fuzzer saw. */
export interface FuzzResult {
  /** Inputs that were contracts. */
  readonly accepted: number;
  /** The input that takes longest by itself. */
  readonly slowest: { readonly text: string; readonly ms: number };
}

interface Input {
  readonly text: string;
  readonly parse: (text: string) => unknown;
}

/** The parsers, each with what writes texts for it. */
const PARSERS: readonly [write: (random: Random) => string, parse: Input["parse"]][] = [
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
  const slow = new SlowInputs();
  let accepted = 0;
  for (let index = 0; index < inputs; index += 1) {
    const [write, parse] = random.pick(PARSERS);
    const whole = write(random);
    const input = { text: random.below(3) === 0 ? whole : mutated(random, whole), parse };
    const ms = cpuMs(() => {
      if (isContract(input, `seed ${seed}, input ${index}`)) accepted += 1;
    });
    slow.add(input, ms);
  }
  return { accepted, slowest: slow.slowest() };
}

/** Whether a parser takes a text, or refuses it as it should. */
function isContract({ text, parse }: Input, name: string): boolean {
  try {
    parse(text);
    return true;
  } catch (error) {
    if (!(error instanceof ContractError) || !areInside(text, error))
      throw new Error(`${name}: ${JSON.stringify(text)}`, { cause: error });
    return false;
  }
}

/** Whether each error stands at a character of the text, or at its end. */
function areInside(text: string, error: ContractError): boolean {
  const lines = text.split("\n");
  return [error, ...error.others].every(({ position: { line, column } }) => {
    const length = lines[line - 1]?.length;
    return length !== undefined && column >= 1 && column <= length + 1;
  });
}

const KEPT = 20;
const REPEATS = 5;

/** The inputs that took longest: each may have met the engine at work of its own, compiling or collecting garbage. */
class SlowInputs {
  #kept: (Input & { readonly ms: number })[] = [];

  add(input: Input, ms: number): void {
    if (this.#kept.length === KEPT && ms <= (this.#kept.at(-1)?.ms ?? 0)) return;
    this.#kept = [...this.#kept, { ...input, ms }].sort((one, other) => other.ms - one.ms).slice(0, KEPT);
  }

  /** By the least that each takes of several times. */
  slowest(): FuzzResult["slowest"] {
    let slowest: FuzzResult["slowest"] = { text: "", ms: 0 };
    for (const input of this.#kept) {
      const times = Array.from({ length: REPEATS }, () => cpuMs(() => isContract(input, "again")));
      const ms = Math.min(...times);
      if (ms > slowest.ms) slowest = { text: input.text, ms };
    }
    return slowest;
  }
}
