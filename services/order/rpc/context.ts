import { type Audit, createAudit } from "@mall/kit/audit";
import { createIdempotency, type Idempotency } from "@mall/kit/idempotency";
import { type JobQueue, placesOf } from "@mall/kit/jobs";
import type { Logger } from "@mall/kit/log";
import { type Placement, rowsToClear } from "@mall/kit/process";
import { WorkGate } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import { type Barrier, createBarrier, createCoordinator, openDtm } from "@mall/kit/saga";
import type { Database } from "@mall/kit/store";
import { type ProductClient, ProductService } from "@mall/product/rpc";
import { UserService } from "@mall/user/rpc";
import { KnownUsers } from "@mall/user/rpc/known-users";
import { createOrderModel, type OrderModel } from "../model/order-model.ts";
import type { OrderRpcConfig } from "./config.ts";
import { ordersBusy } from "./errors.ts";
import { createExpiryMessages, type ExpiryMessages } from "./expiry-message.ts";
import { createOrderMetrics, type OrderMetrics } from "./metrics.ts";
import { OpenOrders } from "./open-orders.ts";
import { defineOrderSagas, type OrderSagas } from "./order-sagas.ts";
import { type StockBranches, stockBranches } from "./stock-branches.ts";

/** More would not have their turn before their callers give up. */
const ORDERS_WAITING_MAX = 1000;

/** What the order rpc's logic may use. */
export interface ServiceContext {
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly database: Database;
  readonly jobs: JobQueue;
  readonly idempotency: Idempotency;
  /** Of what staff do. */
  readonly audit: Audit;
  /** Lets each operation of a saga's branch take effect once. */
  readonly barrier: Barrier;
  readonly orderModel: OrderModel;
  readonly knownUsers: KnownUsers;
  readonly productRpc: ProductClient;
  readonly metrics: OrderMetrics;
  readonly stock: StockBranches;
  readonly sagas: OrderSagas;
  /** Lets in as many new orders at once as are driven at once. */
  readonly createGate: WorkGate;
  readonly openOrders: OpenOrders;
  readonly expiryMessages: ExpiryMessages;
  /** How long a new order may stay unpaid, milliseconds; 0: for ever. */
  readonly expireMs: number;
}

export async function createContext(config: OrderRpcConfig, placement: Placement): Promise<ServiceContext> {
  const database = await placement.database(config.Mysql.DataSource);
  const { runtime, log } = placement;
  const jobs = placement.jobs(database, "order");
  const dtm = openDtm(placement, config.Dtm);
  const orderModel = createOrderModel(database, await rowsToClear(placement, config));
  const productRpc = placement.client(ProductService, config.ProductRpc, "ProductRpc");
  const context = {
    runtime,
    log,
    database,
    jobs,
    idempotency: createIdempotency(database),
    audit: createAudit(database, "order"),
    barrier: createBarrier(database, config.Saga),
    orderModel,
    knownUsers: new KnownUsers({
      userRpc: placement.client(UserService, config.UserRpc, "UserRpc"),
      runtime,
    }),
    productRpc,
    stock: stockBranches(productRpc, config, { database, placement }),
    expiryMessages: createExpiryMessages({ runtime, jobs }, config, dtm),
    metrics: createOrderMetrics(placement.observer),
    createGate: createGate(config),
    openOrders: new OpenOrders(orderModel, config.OpenOrdersMax),
    expireMs: config.OrderExpire,
  };
  const coordinator = createCoordinator({ database, jobs, log, config: config.Saga, dtm });
  return { ...context, sagas: defineOrderSagas(coordinator, context) };
}

/** While some are driven others are looked at; the rest would look at stock that is gone when their turn comes. */
function createGate({ Jobs }: OrderRpcConfig): WorkGate {
  const runningMax = 2 * placesOf(Jobs, { isInternal: true });
  return new WorkGate({ runningMax, waitingMax: ORDERS_WAITING_MAX, refusal: ordersBusy });
}
