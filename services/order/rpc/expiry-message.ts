import type { JobQueue } from "@mall/kit/jobs";
import type { Runtime } from "@mall/kit/runtime";
import { type BranchTarget, branchTarget, type Dtm, ownPlace } from "@mall/kit/saga";
import type { RowTransaction } from "@mall/kit/store";
import type { OrderRpcConfig } from "./config.ts";
import { type ExpireRequest, OrderService } from "./gen/order.ts";

const ANNOUNCE = "order.announce-expiry";

/** An order and its end, milliseconds since the epoch. */
type Expiry = { readonly id: number; readonly endMs: number };

/** Has a DTM server call the end of orders; where there is none, the service's own look for them is all. */
export interface ExpiryMessages {
  /** In the transaction that writes the order. */
  announce(tx: RowTransaction, expiry: Expiry): Promise<void>;
}

/** What a message about an order's end says and where it goes. */
interface Delivery {
  readonly dtm: Dtm;
  readonly expire: BranchTarget<ExpireRequest>;
}

/** @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE where the DTM server could not reach this process. */
export function createExpiryMessages(
  { runtime, jobs }: { readonly runtime: Runtime; readonly jobs: JobQueue },
  config: OrderRpcConfig,
  dtm: Dtm | undefined,
): ExpiryMessages {
  const delivery: Delivery | undefined = dtm &&
    config.Dtm && { dtm, expire: branchTarget("expire", ownPlace(OrderService, config, config.Dtm)) };
  // Also without DTM, for what was announced while there was one.
  jobs.handle<Expiry>(ANNOUNCE, async (call, { id, endMs }) => {
    if (delivery === undefined) return;
    const steps = [{ action: delivery.expire, request: { id } }];
    const delayMs = Math.max(0, endMs - runtime.now());
    // Two messages with the same gid would be one, so it says which order of that number it is about.
    await delivery.dtm.submit(call, { gid: `order-${id}-expire-${endMs}`, steps, delayMs }, false);
  });
  return {
    announce: async (tx, expiry) => {
      if (delivery !== undefined) await jobs.enqueue(tx, { kind: ANNOUNCE, payload: expiry });
    },
  };
}
