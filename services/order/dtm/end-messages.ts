import type { JobQueue } from "@mall/kit/jobs";
import type { Runtime } from "@mall/kit/runtime";
import { type BranchTarget, branchTarget, type Dtm, ownPlace } from "@mall/kit/saga";
import type { OrderRpcConfig } from "../rpc/config.ts";
import type { OrderEnd, ServiceContext } from "../rpc/context.ts";
import { type ExpireRequest, OrderService } from "../rpc/gen/order.ts";

const ANNOUNCE = "order.announce-expiry";

/** The DTM server and the method it calls when an order expires. */
interface Delivery {
  readonly dtm: Dtm;
  readonly expire: BranchTarget<ExpireRequest>;
}

/**
 * Announces the expiry of orders to the configured DTM server as delayed messages; undefined if none is configured. The
 * service's own job finds expired orders in any case.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE if the DTM server could not reach this process.
 */
export function createEndMessages(
  { runtime, jobs }: { readonly runtime: Runtime; readonly jobs: JobQueue },
  config: OrderRpcConfig,
  dtm: Dtm | undefined,
): ServiceContext["announceEnd"] {
  const delivery: Delivery | undefined = dtm &&
    config.Dtm && { dtm, expire: branchTarget("expire", ownPlace(OrderService, config, config.Dtm)) };
  // Registered even without DTM, to drain jobs from a time when one was configured.
  jobs.handle<OrderEnd>(ANNOUNCE, async (call, { id, endMs }) => {
    if (delivery === undefined) return;
    const steps = [{ action: delivery.expire, request: { id } }];
    const delayMs = Math.max(0, endMs - runtime.now());
    // DTM takes messages with the same gid for one; the expiry tells apart orders whose id was reused.
    await delivery.dtm.submit(call, { gid: `order-${id}-expire-${endMs}`, steps, delayMs }, false);
  });
  if (delivery === undefined) return undefined;
  return async (tx, end) => {
    await jobs.enqueue(tx, { kind: ANNOUNCE, payload: end });
  };
}
