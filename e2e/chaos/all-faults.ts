import { PROCESS_NAMES } from "../support/process-names.ts";
import { twinOf } from "./chaos-mall.ts";
import {
  crash,
  delay,
  emptyEtcd,
  evictFromRedis,
  type Fault,
  fillRedis,
  freeze,
  freezeAll,
  restoreRedis,
  severWays,
} from "./faults.ts";

const DOWN_MS = 1000;
const FROZEN_MS = 10_000;
const SLOW_MS = 10_000;
const FAR_MS = 200;
const CUTS = 50;
const PARTS = [...PROCESS_NAMES, "mariadb", "redis", "etcd"];

/** Everything that `npm run chaos` does to a mall. */
export function allFaults(seed: number): Fault[] {
  const pairs = PARTS.flatMap((one, index) => PARTS.slice(index + 1).map((other) => [one, other]));
  return [
    ...PARTS.map((name) => crash([name], DOWN_MS)),
    ...PARTS.map((name) => freeze(name, FROZEN_MS)),
    freezeAll(PROCESS_NAMES.map(twinOf), FROZEN_MS),
    fillRedis(FROZEN_MS),
    evictFromRedis(FROZEN_MS),
    restoreRedis(FROZEN_MS, DOWN_MS),
    ...(["redis", "mysql"] as const).flatMap((server) => [
      delay(server, { ms: FAR_MS, forMs: SLOW_MS }),
      delay(server, { direction: "toServer", ms: FAR_MS, forMs: SLOW_MS }),
      delay(server, { direction: "toClient", ms: FAR_MS, forMs: SLOW_MS }),
    ]),
    severWays(CUTS, seed),
    ...PROCESS_NAMES.filter((name) => name.endsWith(".rpc")).map((name) => emptyEtcd(name, DOWN_MS)),
    ...PROCESS_NAMES.map((name) => crash([name, twinOf(name)], DOWN_MS)),
    ...pairs.map((names) => crash(names, DOWN_MS)),
  ];
}
