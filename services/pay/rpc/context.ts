import { type Audit, createAudit } from "@mall/kit/audit";
import { createIdempotency, type Idempotency } from "@mall/kit/idempotency";
import type { Logger } from "@mall/kit/log";
import { type Placement, rowsToClear } from "@mall/kit/process";
import type { Runtime } from "@mall/kit/runtime";
import { type Barrier, createBarrier, openDtm } from "@mall/kit/saga";
import type { Database } from "@mall/kit/store";
import { type OrderClient, OrderService } from "@mall/order/rpc";
import { ORDERS, type OrderParticipant } from "@mall/order/rpc/order-participant";
import { type UserClient, UserService } from "@mall/user/rpc";
import { KnownUsers } from "@mall/user/rpc/known-users";
import type { Channel } from "../channels/channel.ts";
import { createChannels } from "../channels/create-channels.ts";
import { createLedgerModel, type LedgerModel } from "../model/ledger-model.ts";
import { createPayAttemptModel, type PayAttemptModel } from "../model/pay-attempt-model.ts";
import { createPayModel, type PayModel } from "../model/pay-model.ts";
import { createPayNotifyModel, type PayNotifyModel } from "../model/pay-notify-model.ts";
import { createPayRefundModel, type PayRefundModel } from "../model/pay-refund-model.ts";
import { type AskingLimits, createAskingLimits } from "./asking-limits.ts";
import type { PayRpcConfig } from "./config.ts";
import { handleJobs } from "./jobs/handle-jobs.ts";
import { createPayJobs, type PayJobs } from "./jobs/pay-jobs.ts";
import { createPayMetrics, type PayMetrics, showWaiting } from "./metrics.ts";
import { createPaidMessages, type PaidMessages } from "./paid-messages.ts";

/** What the pay rpc's logic may use. */
export interface ServiceContext {
  readonly runtime: Runtime;
  readonly log: Logger;
  /** For transactions; what stands in its tables, the models know. */
  readonly database: Database;
  readonly idempotency: Idempotency;
  /** Of what staff do. */
  readonly audit: Audit;
  /** Lets each operation of a branch of a DTM server take effect once. */
  readonly barrier: Barrier;
  readonly payModel: PayModel;
  readonly attemptModel: PayAttemptModel;
  readonly refundModel: PayRefundModel;
  readonly notifyModel: PayNotifyModel;
  readonly ledger: LedgerModel;
  readonly jobs: PayJobs;
  readonly paidMessages: PaidMessages;
  readonly userRpc: UserClient;
  readonly knownUsers: KnownUsers;
  readonly orderRpc: OrderClient;
  /** Orders on this database, where they become paid with their payments; undefined where they are told by calls. */
  readonly orders: OrderParticipant | undefined;
  readonly metrics: PayMetrics;
  /** The channels that are configured, by name. */
  readonly channels: ReadonlyMap<string, Channel>;
  readonly askingLimits: AskingLimits;
  /** How long a new payment may stay unpaid, milliseconds; 0: as long as its order. */
  readonly expireMs: number;
}

export async function createContext(config: PayRpcConfig, placement: Placement): Promise<ServiceContext> {
  const database = await placement.database(config.Mysql.DataSource);
  const { runtime, log } = placement;
  const cache = await placement.cache(config.CacheRedis);
  const queue = placement.jobs(database, "pay");
  const barrier = createBarrier(database, config.Saga);
  const userRpc = placement.client(UserService, config.UserRpc, "UserRpc");
  const context: ServiceContext = {
    runtime,
    log,
    database,
    idempotency: createIdempotency(database),
    audit: createAudit(database, "pay"),
    barrier,
    payModel: createPayModel(database, await rowsToClear(placement, config)),
    attemptModel: createPayAttemptModel(database),
    refundModel: createPayRefundModel(database),
    notifyModel: createPayNotifyModel(database),
    ledger: createLedgerModel(database),
    jobs: createPayJobs(queue),
    paidMessages: createPaidMessages({ barrier, log }, config, openDtm(placement, config.Dtm)),
    userRpc,
    knownUsers: new KnownUsers({ userRpc, runtime }),
    orderRpc: placement.client(OrderService, config.OrderRpc, "OrderRpc"),
    // Where a DTM server follows a payment, it tells the order.
    orders: config.Dtm === undefined ? placement.participants.find(ORDERS, database) : undefined,
    metrics: createPayMetrics(placement.observer),
    channels: createChannels(config.Channels, placement),
    askingLimits: createAskingLimits(runtime, cache),
    expireMs: config.PayExpire,
  };
  handleJobs(context, queue);
  showWaiting(placement.observer, context);
  return context;
}
