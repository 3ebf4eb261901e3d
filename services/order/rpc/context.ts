import type { Audit } from "@mall/kit/audit";
import type { Idempotency } from "@mall/kit/idempotency";
import type { JobQueue } from "@mall/kit/jobs";
import type { Logger } from "@mall/kit/log";
import type { WorkGate } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import type { Barrier } from "@mall/kit/saga";
import type { Database } from "@mall/kit/store";
import type { ProductClient } from "@mall/product/rpc";
import type { KnownUsers } from "@mall/user/rpc/known-users";
import type { OpenOrders } from "../create/open-orders.ts";
import type { StockBranches } from "../create/take-pieces.ts";
import type { AnnounceEnd } from "../expiry/order-end.ts";
import type { OrderModel } from "../model/order-model.ts";
import type { OrderMetrics } from "./metrics.ts";
import type { OrderSagas } from "./order-sagas.ts";

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
  readonly announceEnd: AnnounceEnd;
  /** How long a new order may stay unpaid, milliseconds; 0: for ever. */
  readonly expireMs: number;
}
