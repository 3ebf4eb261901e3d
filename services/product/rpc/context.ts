import type { Audit } from "@mall/kit/audit";
import type { ServiceActs } from "@mall/kit/desk";
import type { Idempotency } from "@mall/kit/idempotency";
import type { Barrier } from "@mall/kit/saga";
import type { Database } from "@mall/kit/store";
import type { ProductModel } from "../model/product-model.ts";
import type { StockMetrics } from "./metrics.ts";
import type { TakeForBranch } from "./stock-taker.ts";

/** What the product rpc's logic may use. */
export interface ServiceContext {
  readonly database: Database;
  readonly productModel: ProductModel;
  /** Lets each operation of a saga's branch take effect once. */
  readonly barrier: Barrier;
  /** Lets each write with a key take effect once. */
  readonly idempotency: Idempotency;
  /** Of what staff do. */
  readonly audit: Audit;
  /** What the audit has of this service. */
  readonly acts: ServiceActs;
  readonly takeForBranch: TakeForBranch;
  readonly stock: StockMetrics;
}
