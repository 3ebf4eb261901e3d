export { type Backoff, backoffMs } from "./backoff.ts";
export { createBatcher } from "./batcher.ts";
export { heldFor } from "./held-for.ts";
export { pause } from "./pause.ts";
export { settleInOrder } from "./settle-in-order.ts";
