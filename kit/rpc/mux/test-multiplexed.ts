import { mock } from "node:test";
import { setImmediate as nextTick } from "node:timers/promises";
import { Client } from "@grpc/grpc-js";

const unary = mock.method(Client.prototype, "makeUnaryRequest");

/** How many unary calls the clients of this test process have sent. */
export function unaryCalls(): number {
  return unary.mock.callCount();
}

/** Resolves when calls travel in the multiplexed form; `call` makes one. */
export async function untilMultiplexed(call: () => Promise<unknown>): Promise<void> {
  for (;;) {
    const before = unaryCalls();
    await call();
    if (unaryCalls() === before) return;
    await nextTick();
  }
}
