import type { Audit } from "@mall/kit/audit";
import type { ServiceActs, ServiceJobs } from "@mall/kit/desk";
import type { Idempotency } from "@mall/kit/idempotency";
import type { JobQueue } from "@mall/kit/jobs";
import type { Logger } from "@mall/kit/log";
import type { WorkGate } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import type { Barrier } from "@mall/kit/saga";
import type { Database, RowTransaction } from "@mall/kit/store";
import type { ProductClient } from "@mall/product/rpc";
import type { KnownUsers } from "@mall/user/rpc/known-users";
import type { OpenOrders } from "../create/open-orders.ts";
import type { StockBranches } from "../create/take-pieces.ts";
import type { OrderModel } from "../model/order-model.ts";
import type { OrderMetrics } from "./metrics.ts";
import type { OrderSagas } from "./order-sagas.ts";

/** An order and when it expires, milliseconds since the epoch. */
export type OrderEnd = { readonly id: number; readonly endMs: number };

/** What the logic of the order rpc has at its disposal. */
export interface ServiceContext {
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly database: Database;
  readonly jobs: JobQueue;
  readonly idempotency: Idempotency;
  /** Records what staff do. */
  readonly audit: Audit;
  /** What the audit has recorded of this service. */
  readonly acts: ServiceActs;
  /** The jobs of this service, as staff see them. */
  readonly serviceJobs: ServiceJobs;
  /** Makes each operation of a saga branch take effect once. */
  readonly barrier: Barrier;
  readonly orderModel: OrderModel;
  readonly knownUsers: KnownUsers;
  readonly productRpc: ProductClient;
  readonly metrics: OrderMetrics;
  readonly stock: StockBranches;
  readonly sagas: OrderSagas;
  /** Bounds how many new orders are handled at the same time. */
  readonly createGate: WorkGate;
  readonly openOrders: OpenOrders;
  /** Has a DTM server call an order's expiry too, from the transaction that writes the order; undefined without DTM. */
  readonly announceEnd: ((tx: RowTransaction, end: OrderEnd) => Promise<void>) | undefined;
  /** How long a new order may stay unpaid, milliseconds; 0: without limit. */
  readonly expireMs: number;
}
