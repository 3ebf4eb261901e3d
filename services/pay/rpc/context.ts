import type { Audit } from "@mall/kit/audit";
import type { ServiceActs, ServiceJobs } from "@mall/kit/desk";
import type { HttpStreams } from "@mall/kit/http";
import type { Idempotency } from "@mall/kit/idempotency";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import type { Barrier } from "@mall/kit/saga";
import type { Database } from "@mall/kit/store";
import type { OrderClient } from "@mall/order/rpc";
import type { OrderParticipant } from "@mall/order/rpc/order-participant";
import type { UserClient } from "@mall/user/rpc";
import type { KnownUsers } from "@mall/user/rpc/known-users";
import type { AskingLimits } from "../attempt/asking-limits.ts";
import type { ReturnOrigins } from "../attempt/return-origins.ts";
import type { Channel } from "../channels/channel.ts";
import type { ChannelsConfig } from "../channels/config.ts";
import type { AnnouncePaid, PaidMessages } from "../dtm/paid-messages.ts";
import type { KeptRefusals } from "../inbox/kept-refusals.ts";
import type { RefusedNotifies } from "../inbox/refused-notifies.ts";
import type { LedgerModel } from "../model/ledger-model.ts";
import type { PayApprovalModel } from "../model/pay-approval-model.ts";
import type { PayAttemptModel } from "../model/pay-attempt-model.ts";
import type { PayBillDifferenceModel } from "../model/pay-bill-difference-model.ts";
import type { PayBillModel } from "../model/pay-bill-model.ts";
import type { PayDisputeMoveModel } from "../model/pay-dispute-move-model.ts";
import type { PayHourModel } from "../model/pay-hour-model.ts";
import type { PayModel } from "../model/pay-model.ts";
import type { PayNotifyModel } from "../model/pay-notify-model.ts";
import type { PayNotifyRefusedModel } from "../model/pay-notify-refused-model.ts";
import type { PayRefundModel } from "../model/pay-refund-model.ts";
import type { RefusedRefunds } from "../refund/refused-refunds.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { PayMetrics } from "./metrics.ts";
import type { PayJobs } from "./pay-jobs.ts";

/** What the pay rpc's logic may use. */
export interface ServiceContext {
  readonly runtime: Runtime;
  readonly log: Logger;
  /** For transactions; what stands in its tables, the models know. */
  readonly database: Database;
  readonly idempotency: Idempotency;
  /** Of what staff do. */
  readonly audit: Audit;
  /** What the audit has of this service. */
  readonly acts: ServiceActs;
  /** The jobs of this service, as staff see them. */
  readonly serviceJobs: ServiceJobs;
  /** Lets each operation of a branch of a DTM server take effect once. */
  readonly barrier: Barrier;
  readonly payModel: PayModel;
  readonly attemptModel: PayAttemptModel;
  readonly refundModel: PayRefundModel;
  readonly disputeMoveModel: PayDisputeMoveModel;
  readonly approvalModel: PayApprovalModel;
  readonly billModel: PayBillModel;
  readonly billDifferenceModel: PayBillDifferenceModel;
  readonly notifyModel: PayNotifyModel;
  readonly refusedNotifyModel: PayNotifyRefusedModel;
  readonly payHourModel: PayHourModel;
  readonly ledger: LedgerModel;
  readonly timeline: Timeline;
  readonly jobs: PayJobs;
  /** Has an order hear of its payment's success: by a job, or within `paidMessages` by a message of DTM's. */
  readonly announcePaid: AnnouncePaid;
  readonly paidMessages: PaidMessages;
  readonly userRpc: UserClient;
  readonly knownUsers: KnownUsers;
  readonly orderRpc: OrderClient;
  /** Orders on this database, where they become paid with their payments; undefined if they are informed by calls. */
  readonly orders: OrderParticipant | undefined;
  readonly metrics: PayMetrics;
  /** The channels that are configured, by name. */
  readonly channels: ReadonlyMap<string, Channel>;
  /** Carries their bills. */
  readonly streams: HttpStreams;
  readonly bills: ChannelsConfig["Bills"];
  /** Where channels may send buyers' browsers after a payment. */
  readonly returnOrigins: ReturnOrigins;
  readonly askingLimits: AskingLimits;
  readonly refusedRefunds: RefusedRefunds;
  readonly refusedNotifies: RefusedNotifies;
  /** What was refused, for staff to look at. */
  readonly keptRefusals: KeptRefusals;
  /** Whoever moves more than `above` by hand, minor units of `currency`, needs a second person; 0: nobody does. */
  readonly approval: { readonly above: number; readonly expireMs: number };
  /** How long a new payment may stay unpaid, milliseconds; 0: as long as its order. */
  readonly expireMs: number;
  /** What a new payment is in, ISO 4217. */
  readonly currency: string;
}
