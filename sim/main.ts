import { availableParallelism } from "node:os";
import { endOf, readFlags, wholeNumberOf } from "@mall/kit/testing";
import { replay } from "./run/replay.ts";
import { SHAPES, type Shape } from "./run/shape.ts";
import { sweep } from "./run/sweep.ts";

// npm run sim: the whole mall under virtual time, seed by seed.

const HELP = `npm run sim -- [options]

Runs the whole mall in a simulated world: its real code, under virtual time, with crashes, lost messages, full disks
and people who do as they please. The same seed gives the same run. Exits with 1 where a run breaks an invariant.

  --shape NAME   embedded: SQLite, nothing else (the default); production: MySQL, caches on Redis, several processes of
                 each
  --seeds N      how many seeds (1000)
  --from N       the first one (1)
  --workers N    processes (one for each processor)
  --channels     of these seeds, only those whose runs have accounts at Alipay, WeChat Pay and Stripe
  --failures N   stop after so many failing seeds (1)
  --seed N       run one seed and print its timeline
  --shrink       with --seed: leave out every action and fault that the failure does not need
  --help         this text
`;

const { values } = readFlags({
  options: {
    shape: { type: "string", default: "embedded" },
    seeds: { type: "string", default: "1000" },
    from: { type: "string", default: "1" },
    channels: { type: "boolean", default: false },
    workers: { type: "string", default: String(availableParallelism()) },
    failures: { type: "string", default: "1" },
    seed: { type: "string" },
    shrink: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

function shapeOf(text: string): Shape {
  const shape = SHAPES.find((known) => known === text);
  if (shape !== undefined) return shape;
  return endOf(`--shape must be one of ${SHAPES.join(", ")}, not ${text}`);
}

if (values.help) {
  process.stdout.write(HELP);
} else if (values.seed !== undefined) {
  process.exitCode = await replay(wholeNumberOf("--seed", values.seed), {
    shape: shapeOf(values.shape),
    shrinks: values.shrink,
  });
} else {
  process.exitCode = await sweep({
    shape: shapeOf(values.shape),
    from: wholeNumberOf("--from", values.from),
    count: wholeNumberOf("--seeds", values.seeds),
    withRealChannels: values.channels,
    workers: Math.max(1, wholeNumberOf("--workers", values.workers)),
    failuresMax: Math.max(1, wholeNumberOf("--failures", values.failures)),
  });
}
