import { OPERATIONS } from "../protocol.ts";

/**
 * What can be made to go wrong. Of an operation: the answer comes `slow` (after `ms`), or there is an error
 * instead, `error-before` or `error-after` it was carried out. Of a notification's delivery: `lost` (not
 * sent and taken for acknowledged), `late` (after `ms`), `doubled`, `reordered` (behind the next one),
 * `tampered` (changed after it was signed), `stale` (signed before the clock window), `wrong-amount` and
 * `wrong-currency` (signed, and not what was paid). Of a refund: `refused`, told as `processing` for `ms`
 * before it succeeds, or before it has `failed`. Of a payment: `pay.late`, money is taken although the trade
 * is closed.
 */
export const FAULTS = [
  ...OPERATIONS.flatMap(
    (operation) => [`${operation}.slow`, `${operation}.error-before`, `${operation}.error-after`] as const,
  ),
  "notify.lost",
  "notify.late",
  "notify.doubled",
  "notify.reordered",
  "notify.tampered",
  "notify.stale",
  "notify.wrong-amount",
  "notify.wrong-currency",
  "refund.refused",
  "refund.processing",
  "refund.failed",
  "pay.late",
] as const;

export type FaultName = (typeof FAULTS)[number];

/** A fault to come. */
export interface Fault {
  readonly fault: FaultName;
  /** How often; once by default. */
  readonly times?: number | undefined;
  /** How long, for those that take time; 0 by default. */
  readonly ms?: number | undefined;
  /** Only for this trade; for any by default. */
  readonly outTradeNo?: string | undefined;
}

/** A fault with its defaults; an empty trade number is any trade's. */
interface WaitingFault {
  readonly fault: FaultName;
  readonly times: number;
  readonly ms: number;
  readonly outTradeNo: string;
}

/** The faults still to come, in order; a restart forgets them. */
export class FaultPlan {
  #waiting: WaitingFault[] = [];

  /** Takes the place of all earlier ones. */
  set(faults: readonly Fault[]): void {
    this.#waiting = faults.map(({ fault, times = 1, ms = 0, outTradeNo = "" }) => ({
      fault,
      times,
      ms,
      outTradeNo,
    }));
  }

  /** The faults still to come. */
  get waiting(): readonly Fault[] {
    return this.#waiting.map(({ outTradeNo, ...fault }) =>
      outTradeNo === "" ? fault : { ...fault, outTradeNo },
    );
  }

  /** The first fault among `names` that is meant for a trade, which then has one time less. */
  take<Name extends FaultName>(
    outTradeNo: string,
    ...names: readonly Name[]
  ): { readonly fault: Name; readonly ms: number } | undefined {
    for (const [index, waiting] of this.#waiting.entries()) {
      const name = names.find((one) => one === waiting.fault);
      if (name === undefined || (waiting.outTradeNo !== "" && waiting.outTradeNo !== outTradeNo)) continue;
      if (waiting.times > 1) this.#waiting[index] = { ...waiting, times: waiting.times - 1 };
      else this.#waiting.splice(index, 1);
      return { fault: name, ms: waiting.ms };
    }
    return undefined;
  }
}
