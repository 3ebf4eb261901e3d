import { fuzzParsers, INPUT_MS_MAX } from "../codegen/fuzz/fuzz-parsers.ts";

// A million inputs for the parsers, or as many as the argument says; the second is the seed.
const [inputs = "1000000", seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
const { accepted, slowest } = fuzzParsers(Number(seed), Number(inputs));
process.stdout.write(
  `seed ${seed}: ${inputs} inputs, ${accepted} accepted, the slowest takes ${slowest.ms.toFixed(1)} ms of CPU\n`,
);
if (slowest.ms > INPUT_MS_MAX) {
  process.stderr.write(`more than ${INPUT_MS_MAX} ms: ${JSON.stringify(slowest.text)}\n`);
  process.exitCode = 1;
}
