import type { Runtime } from "@mall/kit/context";
import { createIdempotency, type Idempotency } from "@mall/kit/idempotency";
import type { Logger } from "@mall/kit/log";
import type { Placement } from "@mall/kit/process";
import type { Database } from "@mall/kit/store";
import { type OrderClient, OrderService } from "@mall/order/rpc";
import { type UserClient, UserService } from "@mall/user/rpc";
import type { Channel } from "../channels/channel.ts";
import { createChannels } from "../channels/create-channels.ts";
import { createLedgerModel, type LedgerModel } from "../model/ledger-model.ts";
import { createPayAttemptModel, type PayAttemptModel } from "../model/pay-attempt-model.ts";
import { createPayModel, type PayModel } from "../model/pay-model.ts";
import { createPayRefundModel, type PayRefundModel } from "../model/pay-refund-model.ts";
import type { PayRpcConfig } from "./config.ts";
import { handleJobs } from "./jobs/handle-jobs.ts";
import { createPayJobs, type PayJobs } from "./jobs/pay-jobs.ts";
import { createPayMetrics, type PayMetrics } from "./metrics.ts";

/** What the pay rpc's logic may use. */
export interface ServiceContext {
  readonly runtime: Runtime;
  readonly log: Logger;
  /** For transactions; what stands in its tables, the models know. */
  readonly database: Database;
  readonly idempotency: Idempotency;
  readonly payModel: PayModel;
  readonly attemptModel: PayAttemptModel;
  readonly refundModel: PayRefundModel;
  readonly ledger: LedgerModel;
  readonly jobs: PayJobs;
  readonly userRpc: UserClient;
  readonly orderRpc: OrderClient;
  readonly metrics: PayMetrics;
  /** The channels that are configured, by name. */
  readonly channels: ReadonlyMap<string, Channel>;
  /** How long a new payment may stay unpaid, milliseconds; 0: as long as its order. */
  readonly expireMs: number;
}

export async function createContext(config: PayRpcConfig, placement: Placement): Promise<ServiceContext> {
  const database = await placement.database(config.Mysql.DataSource);
  const queue = placement.jobs(database, "pay");
  const context: ServiceContext = {
    runtime: placement.runtime,
    log: placement.log,
    database,
    idempotency: createIdempotency(database),
    payModel: createPayModel(database, await placement.cache(config.CacheRedis)),
    attemptModel: createPayAttemptModel(database),
    refundModel: createPayRefundModel(database),
    ledger: createLedgerModel(database),
    jobs: createPayJobs(queue),
    userRpc: placement.client(UserService, config.UserRpc, "UserRpc"),
    orderRpc: placement.client(OrderService, config.OrderRpc, "OrderRpc"),
    metrics: createPayMetrics(placement.observer),
    channels: createChannels(config.Channels, placement),
    expireMs: config.PayExpire,
  };
  handleJobs(context, queue);
  return context;
}
