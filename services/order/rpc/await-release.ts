import type { JobTicket } from "@mall/kit/jobs";
import type { Runtime } from "@mall/kit/runtime";

/** Pieces go back to stock within milliseconds, or some time when the product service is there again. */
const WAIT_MS = 1000;

/** Lets a caller find the pieces back in stock, unless that takes long; they go there in any case. */
export async function awaitRelease(runtime: Runtime, released: JobTicket): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = runtime.setTimer(resolve, WAIT_MS);
  await Promise.race([released.settled(), late]);
  timer.clear();
}
