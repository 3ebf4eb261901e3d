import { PROCESSES } from "./chaos-mall.ts";
import { crash, emptyEtcd, type Fault, fillRedis, freeze } from "./faults.ts";

const DOWN_MS = 1000;
const FROZEN_MS = 10_000;
const PARTS = [...PROCESSES, "mariadb", "redis", "etcd"];

/** Everything that `npm run chaos` does to a mall. */
export function allFaults(): Fault[] {
  const pairs = PARTS.flatMap((one, index) => PARTS.slice(index + 1).map((other) => [one, other]));
  return [
    ...PARTS.map((name) => crash([name], DOWN_MS)),
    ...PARTS.map((name) => freeze(name, FROZEN_MS)),
    fillRedis(FROZEN_MS),
    ...PROCESSES.filter((name) => name.endsWith(".rpc")).map((name) => emptyEtcd(name, DOWN_MS)),
    ...pairs.map((names) => crash(names, DOWN_MS)),
  ];
}
