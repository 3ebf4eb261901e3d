export { createBatcher } from "./batcher.ts";
export { heldFor } from "./held-for.ts";
export { settleInOrder } from "./settle-in-order.ts";
