import { fuzzParsers } from "../codegen/fuzz/fuzz-parsers.ts";

// A million inputs for the parsers, or as many as the argument says; the second is the seed.
const [inputs = "1000000", seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
const { accepted, slowestMs } = fuzzParsers(Number(seed), Number(inputs));
process.stdout.write(
  `seed ${seed}: ${inputs} inputs, ${accepted} accepted, the slowest took ${slowestMs.toFixed(1)} ms\n`,
);
