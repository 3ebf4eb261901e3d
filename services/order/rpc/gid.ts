import type { Runtime } from "@mall/kit/context";

const RANDOM_BYTES = 16;

/** Id of a saga that nobody else has. */
export function randomGid(runtime: Runtime): string {
  return `order-${Buffer.from(runtime.randomBytes(RANDOM_BYTES)).toString("hex")}`;
}
