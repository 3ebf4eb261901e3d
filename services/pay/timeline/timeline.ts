import { type AuditEntryRow, listActs } from "@mall/kit/audit";
import { type JobRow, listJobs } from "@mall/kit/jobs";
import type { Database } from "@mall/kit/store";
import { createLedgerEntryModelGen, type LedgerEntryRow } from "../model/gen/ledger-entry-model.ts";
import { createPayApprovalModel, type PayApprovalRow } from "../model/pay-approval-model.ts";
import { createPayAttemptModel, type PayAttemptRow } from "../model/pay-attempt-model.ts";
import { createPayExchangeModel, type PayExchangeRow } from "../model/pay-exchange-model.ts";
import { createPayModel, type PayRow } from "../model/pay-model.ts";
import { createPayNotifyModel, type PayNotifyRow } from "../model/pay-notify-model.ts";
import { createPayRefundModel, type PayRefundRow } from "../model/pay-refund-model.ts";
import { payJobKeys } from "../rpc/pay-jobs.ts";

/** All rows that are about one payment, each kind from the oldest on. */
export interface PaymentRecord {
  readonly pay: PayRow;
  readonly attempts: readonly PayAttemptRow[];
  readonly refunds: readonly PayRefundRow[];
  /** What channels said about the attempts and refunds. */
  readonly notifies: readonly PayNotifyRow[];
  /** What waits for a second person, or waited. */
  readonly approvals: readonly PayApprovalRow[];
  /** What channels were asked about these and answered. */
  readonly exchanges: readonly PayExchangeRow[];
  readonly entries: readonly LedgerEntryRow[];
  readonly jobs: readonly JobRow[];
  /** What staff and operators did to any of these. */
  readonly acts: readonly AuditEntryRow[];
  /** There is more of some kind than ROWS_MAX. */
  readonly isCut: boolean;
}

export interface Timeline {
  /** Everything that is known of a payment, as the database has it now; undefined where there is none. */
  read(payId: number): Promise<PaymentRecord | undefined>;
}

/** Of each kind. A payment has 20 attempts at most, and seldom more than a few of the others. */
const ROWS_MAX = 200;
/** One more tells whether there are more. */
const ROWS_READ = ROWS_MAX + 1;

/** Reads what is known of payments: a handful of questions by index, however many payments there are. */
export function createTimeline(database: Database): Timeline {
  const [payModel, attemptModel] = [createPayModel(database), createPayAttemptModel(database)];
  return {
    read: async (payId) => {
      const pay = await payModel.findOne(payId);
      if (pay === undefined) return undefined;
      const [attempts, refunds, entries, approvals] = await Promise.all([
        attemptModel.findByPay(payId),
        refundsOf(database, payId),
        entriesOf(database, payId),
        approvalsOf(database, payId),
      ]);
      const notifies = await notifiesOf(database, { attempts, refunds });
      const exchanges = await exchangesOf(database, { attempts, refunds, notifies });
      const jobs = await jobsOf(database, { pay, attempts, refunds });
      const acts = await actsOn(database, { pay, notifies, jobs });
      const isCut = [refunds, entries, approvals, exchanges, notifies, jobs, acts].some(
        ({ length }) => length > ROWS_MAX,
      );
      const oldest = { refunds: refunds.slice(0, ROWS_MAX), entries: entries.slice(0, ROWS_MAX) };
      const newest = {
        ...{ jobs: jobs.slice(-ROWS_MAX), acts: acts.slice(-ROWS_MAX) },
        approvals: approvals.slice(-ROWS_MAX),
        exchanges: exchanges.slice(-ROWS_MAX),
      };
      return { pay, attempts, ...oldest, notifies: notifies.slice(0, ROWS_MAX), ...newest, isCut };
    },
  };
}

function refundsOf(database: Database, payId: number): Promise<PayRefundRow[]> {
  return createPayRefundModel(database).findMany((query) =>
    query.where("pay_id", "=", payId).orderBy("id").limit(ROWS_READ),
  );
}

async function approvalsOf(database: Database, payId: number): Promise<PayApprovalRow[]> {
  const newest = await createPayApprovalModel(database).findPage({ payId, limit: ROWS_READ });
  return newest.toReversed();
}

function entriesOf(database: Database, payId: number): Promise<LedgerEntryRow[]> {
  return createLedgerEntryModelGen(database).findMany((query) =>
    query.where("pay_id", "=", payId).orderBy("id").limit(ROWS_READ),
  );
}

type Subjects = Pick<PaymentRecord, "attempts" | "refunds">;

function subjectsOf({ attempts, refunds }: Subjects): string[] {
  return [...attempts.map(({ outTradeNo }) => outTradeNo), ...refunds.map(({ refundNo }) => refundNo)];
}

async function exchangesOf(
  database: Database,
  { notifies, ...about }: Pick<PaymentRecord, "attempts" | "refunds" | "notifies">,
): Promise<PayExchangeRow[]> {
  const disputes = notifies.flatMap(({ disputeNo }) => (disputeNo === "" ? [] : [disputeNo]));
  const subjects = [...subjectsOf(about), ...new Set(disputes)];
  if (subjects.length === 0) return [];
  return createPayExchangeModel(database).findAbout(subjects, ROWS_READ);
}

async function notifiesOf(database: Database, about: Subjects): Promise<PayNotifyRow[]> {
  const subjects = subjectsOf(about);
  if (subjects.length === 0) return [];
  return createPayNotifyModel(database).findMany((query) =>
    query.where("subject", "in", subjects).orderBy("id").limit(ROWS_READ),
  );
}

async function jobsOf(
  database: Database,
  { pay, attempts, refunds }: Pick<PaymentRecord, "pay" | "attempts" | "refunds">,
): Promise<JobRow[]> {
  const [attemptIds, refundIds] = [attempts.map(({ id }) => id), refunds.map(({ id }) => id)];
  const keys = payJobKeys(pay.id, attemptIds, refundIds);
  return (await listJobs(database, { queue: "pay", keys, limit: ROWS_READ })).toReversed();
}

async function actsOn(
  database: Database,
  { pay, notifies, jobs }: Pick<PaymentRecord, "pay" | "notifies" | "jobs">,
): Promise<AuditEntryRow[]> {
  const subject = [
    `pay/${pay.id}`,
    ...notifies.map(({ id }) => `notify/${id}`),
    ...jobs.map(({ id }) => `job/${id}`),
  ];
  return (await listActs(database, { service: "pay", subject, limit: ROWS_READ })).toReversed();
}
