import type { JobQueue } from "@mall/kit/jobs";
import type { Runtime } from "@mall/kit/runtime";
import { type BranchTarget, branchTarget, type Dtm, ownPlace } from "@mall/kit/saga";
import { type AnnounceEnd, announceToNobody, type OrderEnd } from "../expiry/order-end.ts";
import type { OrderRpcConfig } from "../rpc/config.ts";
import { type ExpireRequest, OrderService } from "../rpc/gen/order.ts";

const ANNOUNCE = "order.announce-expiry";

/** Who calls the end of orders, and what is called. */
interface Delivery {
  readonly dtm: Dtm;
  readonly expire: BranchTarget<ExpireRequest>;
}

/**
 * Has a DTM server call the end of orders, where there is one.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE where the DTM server could not reach this process.
 */
export function createEndMessages(
  { runtime, jobs }: { readonly runtime: Runtime; readonly jobs: JobQueue },
  config: OrderRpcConfig,
  dtm: Dtm | undefined,
): AnnounceEnd {
  const delivery: Delivery | undefined = dtm &&
    config.Dtm && { dtm, expire: branchTarget("expire", ownPlace(OrderService, config, config.Dtm)) };
  // Also without DTM, for what was announced while there was one.
  jobs.handle<OrderEnd>(ANNOUNCE, async (call, { id, endMs }) => {
    if (delivery === undefined) return;
    const steps = [{ action: delivery.expire, request: { id } }];
    const delayMs = Math.max(0, endMs - runtime.now());
    // Two messages with the same gid would be one, so it says which order of that number it is about.
    await delivery.dtm.submit(call, { gid: `order-${id}-expire-${endMs}`, steps, delayMs }, false);
  });
  if (delivery === undefined) return announceToNobody;
  return async (tx, end) => {
    await jobs.enqueue(tx, { kind: ANNOUNCE, payload: end });
  };
}
