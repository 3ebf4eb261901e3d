import { createAudit } from "@mall/kit/audit";
import { createServiceActs, createServiceJobs } from "@mall/kit/desk";
import { createIdempotency } from "@mall/kit/idempotency";
import { type Placement, rowsToClear } from "@mall/kit/process";
import { createBarrier, openDtm } from "@mall/kit/saga";
import { OrderService } from "@mall/order/rpc";
import { ORDERS } from "@mall/order/rpc/order-participant";
import { UserService } from "@mall/user/rpc";
import { KnownUsers } from "@mall/user/rpc/known-users";
import { createAskingLimits } from "../attempt/asking-limits.ts";
import { createReturnOrigins } from "../attempt/return-origins.ts";
import { createChannels } from "../channels/create-channels.ts";
import { SANDBOX } from "../channels/sandbox/sandbox-channel.ts";
import { isTakenNowhere } from "../channels/takes-currency.ts";
import { createPaidMessages } from "../dtm/paid-messages.ts";
import { keepExchanges } from "../exchange/kept-exchanges.ts";
import { KeptRefusals } from "../inbox/kept-refusals.ts";
import { RefusedNotifies } from "../inbox/refused-notifies.ts";
import { createLedgerModel } from "../model/ledger-model.ts";
import { createPayApprovalModel } from "../model/pay-approval-model.ts";
import { createPayAttemptModel } from "../model/pay-attempt-model.ts";
import { createPayBillDifferenceModel } from "../model/pay-bill-difference-model.ts";
import { createPayBillModel } from "../model/pay-bill-model.ts";
import { createPayDisputeMoveModel } from "../model/pay-dispute-move-model.ts";
import { createPayExchangeModel } from "../model/pay-exchange-model.ts";
import { createPayHourModel } from "../model/pay-hour-model.ts";
import { createPayModel } from "../model/pay-model.ts";
import { createPayNotifyModel } from "../model/pay-notify-model.ts";
import { createPayNotifyRefusedModel } from "../model/pay-notify-refused-model.ts";
import { createPayRefundModel } from "../model/pay-refund-model.ts";
import { RefusedRefunds } from "../refund/refused-refunds.ts";
import { createTimeline } from "../timeline/timeline.ts";
import type { PayRpcConfig } from "./config.ts";
import type { ServiceContext } from "./context.ts";
import { handleJobs } from "./handle-jobs.ts";
import { createPayMetrics, showBills, showKeysEnd, showWaiting } from "./metrics.ts";
import { createPayJobs } from "./pay-jobs.ts";

/** Puts the pay rpc together: what its logic may use, the handlers of its jobs, and its gauges. */
export async function buildContext(config: PayRpcConfig, placement: Placement): Promise<ServiceContext> {
  const database = await placement.database(config.Mysql.DataSource);
  const { runtime, log } = placement;
  const cache = await placement.cache(config.CacheRedis);
  const queue = placement.jobs(database, "pay");
  const keptMs = config.Channels.ExchangesKept;
  const exchanges = { runtime, log, model: createPayExchangeModel(database), keptMs };
  const overhear = keptMs > 0 ? keepExchanges(exchanges) : undefined;
  const channels = createChannels(config.Channels, { runtime, log, http: placement.http }, overhear);
  const accounts = new Set([...channels.keys()].filter((name) => name !== SANDBOX));
  const jobs = createPayJobs(queue, accounts);
  const idempotency = createIdempotency(database);
  const barrier = createBarrier(database, config.Saga);
  const userRpc = placement.client(UserService, config.UserRpc, "UserRpc");
  const refusedNotifyModel = createPayNotifyRefusedModel(database);
  const context: ServiceContext = {
    runtime,
    log,
    database,
    idempotency,
    audit: createAudit(database, "pay"),
    acts: createServiceActs(database, "pay"),
    serviceJobs: createServiceJobs({ database, idempotency }, "pay"),
    barrier,
    payModel: createPayModel(database, await rowsToClear(placement, config)),
    attemptModel: createPayAttemptModel(database),
    refundModel: createPayRefundModel(database),
    disputeMoveModel: createPayDisputeMoveModel(database),
    approvalModel: createPayApprovalModel(database),
    billModel: createPayBillModel(database),
    billDifferenceModel: createPayBillDifferenceModel(database),
    notifyModel: createPayNotifyModel(database),
    refusedNotifyModel,
    payHourModel: createPayHourModel(database),
    ledger: createLedgerModel(database),
    timeline: createTimeline(database),
    jobs,
    announcePaid: jobs.orderPaid,
    paidMessages: createPaidMessages({ barrier, log, runtime, jobs }, config, openDtm(placement, config.Dtm)),
    userRpc,
    knownUsers: new KnownUsers({ userRpc, runtime }),
    orderRpc: placement.client(OrderService, config.OrderRpc, "OrderRpc"),
    // Where a DTM server follows a payment, it tells the order.
    orders: config.Dtm === undefined ? placement.participants.find(ORDERS, database) : undefined,
    metrics: createPayMetrics(placement.observer),
    channels,
    streams: placement.streams,
    bills: config.Channels.Bills,
    returnOrigins: createReturnOrigins(config.Channels.ReturnOrigins, () => placement.pagesUrl()),
    askingLimits: createAskingLimits(runtime, cache, config.Channels.QueriesPerSecond),
    refusedRefunds: new RefusedRefunds(runtime),
    refusedNotifies: new RefusedNotifies({ runtime, log }),
    keptRefusals: new KeptRefusals({ runtime, log, model: refusedNotifyModel }),
    approval: { above: config.Approval.Above, expireMs: config.Approval.Expire },
    expireMs: config.PayExpire,
    currency: config.Currency,
  };
  if (isTakenNowhere(channels.values(), config.Currency))
    log.warn(
      {},
      `no channel takes ${config.Currency}, what new payments are in: correct Currency, or add an account`,
    );
  handleJobs(context, queue, accounts);
  showWaiting(placement.observer, context);
  showKeysEnd(placement.observer, channels.values());
  showBills(placement.observer, context);
  return context;
}
