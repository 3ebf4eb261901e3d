import { createAudit } from "@mall/kit/audit";
import { createServiceActs, createServiceJobs } from "@mall/kit/desk";
import { createIdempotency } from "@mall/kit/idempotency";
import { placesOf } from "@mall/kit/jobs";
import { type Placement, rowsToClear } from "@mall/kit/process";
import { WorkGate } from "@mall/kit/resilience";
import { type Coordinator, createBarrier, createCoordinator, openDtm } from "@mall/kit/saga";
import { ProductService } from "@mall/product/rpc";
import { UserService } from "@mall/user/rpc";
import { KnownUsers } from "@mall/user/rpc/known-users";
import { defineCreate } from "../create/create-saga.ts";
import { OpenOrders } from "../create/open-orders.ts";
import { stockBranches } from "../create/take-pieces.ts";
import { createEndMessages } from "../dtm/end-messages.ts";
import { handleExpiry, scheduleExpiry } from "../expiry/expiry.ts";
import { createOrderModel } from "../model/order-model.ts";
import { handleReleases } from "../release/release.ts";
import { defineReopen } from "../reopen/reopen.ts";
import type { OrderRpcConfig } from "./config.ts";
import type { ServiceContext } from "./context.ts";
import { ordersBusy } from "./errors.ts";
import { createOrderMetrics } from "./metrics.ts";
import type { OrderSagas } from "./order-sagas.ts";

/** More would not get their turn before their callers give up. */
const ORDERS_WAITING_MAX = 1000;

/** Builds the context of the order rpc. */
export async function buildContext(config: OrderRpcConfig, placement: Placement): Promise<ServiceContext> {
  const database = await placement.database(config.Mysql.DataSource);
  const { runtime, log } = placement;
  const jobs = placement.jobs(database, "order");
  const idempotency = createIdempotency(database);
  const dtm = openDtm(placement, config.Dtm);
  const orderModel = createOrderModel(database, await rowsToClear(placement, config));
  const productRpc = placement.client(ProductService, config.ProductRpc, "ProductRpc");
  const context = {
    runtime,
    log,
    database,
    jobs,
    idempotency,
    audit: createAudit(database, "order"),
    acts: createServiceActs(database, "order"),
    serviceJobs: createServiceJobs({ database, idempotency }, "order"),
    barrier: createBarrier(database, config.Saga),
    orderModel,
    knownUsers: new KnownUsers({
      userRpc: placement.client(UserService, config.UserRpc, "UserRpc"),
      runtime,
    }),
    productRpc,
    stock: stockBranches(productRpc, config, { database, placement }),
    announceEnd: createEndMessages({ runtime, jobs }, config, dtm),
    metrics: createOrderMetrics(placement.observer),
    createGate: createGate(config),
    openOrders: new OpenOrders(orderModel, config.OpenOrdersMax),
    expireMs: config.OrderExpire,
  };
  const coordinator = createCoordinator({ database, jobs, log, config: config.Saga, dtm });
  return { ...context, sagas: defineOrderSagas(coordinator, context) };
}

/**
 * Twice as many as sagas run at once: half are driven while half are checked. More would check stock that is gone by
 * their turn.
 */
function createGate({ Jobs }: OrderRpcConfig): WorkGate {
  const runningMax = 2 * placesOf(Jobs, { isInternal: true });
  return new WorkGate({ runningMax, waitingMax: ORDERS_WAITING_MAX, refusal: ordersBusy });
}

/** Before the process serves, so that sagas left by an earlier process can be completed. */
function defineOrderSagas(coordinator: Coordinator, context: Omit<ServiceContext, "sagas">): OrderSagas {
  return {
    create: defineCreate(coordinator, context),
    reopen: defineReopen(coordinator, context),
  };
}

/** Registers the order service's jobs and enqueues the standing one. */
export async function startOrderJobs(context: ServiceContext): Promise<void> {
  handleReleases(context);
  handleExpiry(context);
  await scheduleExpiry(context);
}
