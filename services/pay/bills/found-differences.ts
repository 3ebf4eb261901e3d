import { fitText } from "@mall/kit/store";
import {
  DIFFERENCE_STATE,
  type NewPayBillDifferenceRow,
  type PayBillDifferenceRow,
} from "../model/pay-bill-difference-model.ts";
import type { PayBillRow } from "../model/pay-bill-model.ts";
import type { BillDifference, BillDifferenceKind } from "../reconcile/bill-difference.ts";
import type { ServiceContext } from "../rpc/context.ts";

/** Open differences that a bill has rows of; the rest is counted. */
const KEPT_MAX = 200;
/** As the columns are. */
const SUBJECT_LENGTH_MAX = 128;
const TEXT_LENGTH_MAX = 512;

type Model = Pick<ServiceContext, "billDifferenceModel">;
/** A difference as it is kept. */
type Kept = Pick<NewPayBillDifferenceRow, "kind" | "subject" | "payId" | "ours" | "text"> & {
  readonly subject: string;
};

/** What was found about one day. */
interface Day {
  readonly billId: number;
  readonly channel: string;
  /** Those that have a row, by what they are about. */
  readonly known: ReadonlyMap<string, PayBillDifferenceRow>;
  /** What they are about of those that were found again. */
  readonly again: Set<string>;
  readonly news: Map<string, Kept>;
  readonly kinds: Set<BillDifferenceKind>;
  /** How many more may be kept. */
  room: number;
  notKept: number;
}

/** The differences that a comparison finds, as many as are kept; those that were found before have a row already. */
export class FoundDifferences {
  readonly #days: ReadonlyMap<string, Day>;

  private constructor(days: ReadonlyMap<string, Day>) {
    this.#days = days;
  }

  /** None yet, of the days of these bills. */
  static async of({ billDifferenceModel }: Model, bills: readonly PayBillRow[]): Promise<FoundDifferences> {
    const days = bills.map(async ({ id, day, channel }): Promise<[string, Day]> => {
      const rows = await billDifferenceModel.findMany((query) => query.where("bill_id", "=", id));
      const known = new Map(rows.map((row) => [keyOf(row), row]));
      const room = KEPT_MAX - rows.filter(({ state }) => state === DIFFERENCE_STATE.open).length;
      const none = {
        again: new Set<string>(),
        news: new Map<string, Kept>(),
        kinds: new Set<BillDifferenceKind>(),
      };
      return [day, { ...{ billId: id, channel, known, room, notKept: 0 }, ...none }];
    });
    return new FoundDifferences(new Map(await Promise.all(days)));
  }

  add({ day: of, kind, subject, payId, ours, text }: BillDifference): void {
    const day = this.of(of);
    const kept = {
      ...{ kind, subject: fitText(subject, SUBJECT_LENGTH_MAX), payId, ours },
      text: fitText(text, TEXT_LENGTH_MAX),
    };
    const key = keyOf(kept);
    day.kinds.add(kind);
    if (day.known.has(key)) day.again.add(key);
    else if (day.news.has(key)) return;
    else if (day.news.size < day.room) day.news.set(key, kept);
    else day.notKept += 1;
  }

  /** Whether a day has a difference of a kind. */
  has(day: string, kind: BillDifferenceKind): boolean {
    return this.of(day).kinds.has(kind);
  }

  /** @throws TypeError for a day that is not compared. */
  of(day: string): Day {
    const found = this.#days.get(day);
    if (found === undefined) throw new TypeError(`${day} is not among the days that are compared`);
    return found;
  }
}

/** Of a kind and subject a bill has one difference. */
export function keyOf({ kind, subject }: { readonly kind: string; readonly subject: string }): string {
  return `${kind} ${subject}`;
}
