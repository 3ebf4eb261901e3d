import type { GaugeReading, Observer } from "@mall/kit/observe";
import { type BilledAccounts, billMerchants } from "../bills/bill-merchants.ts";
import { dayOf } from "../channels/bills/bill-day.ts";
import type { Channel } from "../channels/channel.ts";
import type { PayBillDifferenceModel } from "../model/pay-bill-difference-model.ts";
import type { PayBillModel } from "../model/pay-bill-model.ts";
import type { PayModel } from "../model/pay-model.ts";
import type { PayRefundModel } from "../model/pay-refund-model.ts";

/** How a channel answered when it was to open an attempt. */
type PrepayOutcome = "opened" | "refused" | "unknown";

/** An amount in minor units of its currency (fen of CNY). */
interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** An account at a channel. */
type KeyHolder = Pick<Channel, "name" | "keysEndAt">;

interface BillsContext extends BilledAccounts {
  readonly billModel: PayBillModel;
  readonly billDifferenceModel: PayBillDifferenceModel;
}

/** What the pay service counts. */
export interface PayMetrics {
  /** A payment was opened. */
  created(money: Money): void;
  /** A channel was asked to open an attempt. */
  attempted(channel: string, outcome: PrepayOutcome): void;
  /** A channel posted a notification, or somebody in its name. */
  notified(channel: string, outcome: "verified" | "refused"): void;
  /** A payment's success on a source was recorded. */
  succeeded(source: number, money: Money): void;
  /** Money came that does not match. */
  held(source: number, money: Money): void;
  /** Money came that goes back by itself. */
  surplus(source: number, money: Money): void;
  /** A refund was made, for a cause of REFUND_CAUSE. */
  refunded(source: number, cause: string, money: Money): void;
  /** A channel did not make a refund. */
  refundFailed(source: number, cause: string): void;
}

export function createPayMetrics(observer: Observer): PayMetrics {
  const count = counterOf(observer);
  const created = sumOf(observer, "mall_payments_created", "payments that were opened", []);
  const bySource = ["source"];
  const succeeded = sumOf(observer, "mall_payments_succeeded", "payments that succeeded", bySource);
  const held = sumOf(observer, "mall_payments_held", "money that came and did not match", bySource);
  const surplus = sumOf(observer, "mall_payments_surplus", "money that came once too often", bySource);
  const refundLabels = ["source", "cause"];
  const refunded = sumOf(observer, "mall_refunds_succeeded", "refunds that were made", refundLabels);
  const failed = count("mall_refunds_failed_total", "Refunds that a channel did not make.", refundLabels);
  const attempts = count("mall_attempts_total", "Attempts by how their channel answered.", [
    "channel",
    "outcome",
  ]);
  const notifications = count(
    "mall_notifications_total",
    "Notifications of channels: verified, or refused because the channel did not sign them.",
    ["channel", "outcome"],
  );
  return {
    notified: (channel, outcome) => notifications.add(1, channel, outcome),
    created: (money) => created(money),
    attempted: (channel, outcome) => attempts.add(1, channel, outcome),
    succeeded: (source, money) => succeeded(money, String(source)),
    held: (source, money) => held(money, String(source)),
    surplus: (source, money) => surplus(money, String(source)),
    refunded: (source, cause, money) => refunded(money, String(source), cause),
    refundFailed: (source, cause) => failed.add(1, String(source), cause),
  };
}

/** Shows what waits for somebody's decision, as the tables have it: every process tells the same. */
export function showWaiting(
  observer: Observer,
  { payModel, refundModel }: { readonly payModel: PayModel; readonly refundModel: PayRefundModel },
): void {
  const read = (counts: ReadonlyMap<string, number>): GaugeReading[] =>
    [...counts].map(([label, value]) => ({ labels: [label], value }));
  observer.gauge(
    {
      name: "mall_payments_to_resolve",
      help: "Payments whose money is held, by reason.",
      labels: ["reason"],
    },
    async () => read(await payModel.countHeld()),
  );
  observer.gauge(
    { name: "mall_refunds_by_hand", help: "Refunds that somebody must make, by cause.", labels: ["cause"] },
    async () => read(await refundModel.countByHand()),
  );
}

/** Shows when accounts' keys end, by which they have to be replaced; an account whose keys have no end tells nothing. */
export function showKeysEnd(observer: Observer, channels: Iterable<KeyHolder>): void {
  const holders = [...channels];
  observer.gauge(
    {
      name: "mall_channel_keys_end_timestamp_seconds",
      help: "When the keys of an account end, Unix seconds.",
      labels: ["channel"],
    },
    async () =>
      holders.flatMap(({ name, keysEndAt }): GaugeReading[] => {
        const endAt = keysEndAt?.();
        return endAt === undefined ? [] : [{ labels: [name], value: endAt / 1000 }];
      }),
  );
}

/** Shows what came of channels' bills, by account; every process tells the same. */
export function showBills(observer: Observer, context: BillsContext): void {
  const { billModel, billDifferenceModel } = context;
  observer.gauge(
    {
      name: "mall_bill_differences_open",
      help: "Differences between an account's bills and the payments that wait for somebody.",
      labels: ["channel"],
    },
    async () =>
      [...(await billDifferenceModel.countOpen())].map(([channel, value]) => ({ labels: [channel], value })),
  );
  observer.gauge(
    {
      name: "mall_bills_compared_until_timestamp_seconds",
      help: "The end of the last day whose bill was compared, Unix seconds.",
      labels: ["channel"],
    },
    async () => {
      const merchants = billMerchants(context).map(async ({ name, bills }): Promise<GaugeReading[]> => {
        const day = await billModel.lastDone(bills.merchant);
        if (day === undefined) return [];
        return [{ labels: [name], value: dayOf(day, bills.aheadMs).until / 1000 }];
      });
      return (await Promise.all(merchants)).flat();
    },
  );
}

function counterOf(observer: Observer) {
  return (name: string, help: string, labels: readonly string[]) => observer.counter({ name, help, labels });
}

/** Counts things and adds their amounts up, each currency by itself, under `<name>_total` and `<name>_amount_total`. */
function sumOf(
  observer: Observer,
  name: string,
  what: string,
  labels: readonly string[],
): (money: Money, ...values: readonly string[]) => void {
  const count = counterOf(observer);
  const total = count(`${name}_total`, `Number: ${what}.`, labels);
  const help = `Amount in minor units of its currency: ${what}.`;
  const sum = count(`${name}_amount_total`, help, [...labels, "currency"]);
  return ({ amount, currency }, ...values) => {
    total.add(1, ...values);
    sum.add(amount, ...values, currency);
  };
}
