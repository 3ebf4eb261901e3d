import type { Database, RowTransaction } from "@mall/kit/store";
import { ATTEMPT_STATE, type AttemptMove, attemptMoved, isOpen } from "./attempt-state.ts";
import {
  createPayAttemptModelGen,
  type NewPayAttemptRow,
  type PayAttemptModelGen,
  type PayAttemptRow,
} from "./gen/pay-attempt-model.ts";

export type { PayAttemptRow } from "./gen/pay-attempt-model.ts";

/** An attempt without its own two times, by which only jobs and operators go. */
export type PayAttempt = Omit<PayAttemptRow, "createTime" | "updateTime">;

/** An attempt as it begins, before anybody has written it down. */
export type UnwrittenAttempt = Omit<PayAttempt, "id"> & { readonly id?: undefined };

/** What every attempt begins with that is not said of it. */
const BEGINNING = {
  channelRef: "",
  channelTradeNo: "",
  receivedAmount: 0,
  receivedCurrency: "",
  fee: 0,
  lateFee: null,
  state: ATTEMPT_STATE.created,
  successOf: null,
  expireTime: null,
  product: "",
  payerId: "",
  returnUrl: "",
  credential: null,
  credentialKind: "url",
  error: "",
  heldReason: "",
};

/** An attempt that is yet to be written down. */
export function beginningOf(
  said: Pick<PayAttempt, "payId" | "outTradeNo" | "channel" | "source" | "amount" | "currency"> &
    Partial<Pick<PayAttempt, "expireTime" | "product" | "payerId" | "returnUrl">>,
): UnwrittenAttempt {
  return { ...BEGINNING, ...said };
}

export interface PayAttemptModel extends PayAttemptModelGen {
  /** All attempts of a payment, the oldest first. */
  findByPay(payId: number, tx?: RowTransaction): Promise<PayAttemptRow[]>;
  /** Those that may still bring money as expected. */
  findOpen(payId: number, tx?: RowTransaction): Promise<PayAttemptRow[]>;
  /**
   * Writes an attempt down that begins.
   *
   * @returns it as the database has it.
   * @throws DuplicateKeyError where another attempt has its number.
   */
  begin(tx: RowTransaction, attempt: UnwrittenAttempt): Promise<PayAttempt>;
  /**
   * Writes an attempt down that nobody has seen before its first move, as it is after that.
   *
   * @returns it as the database has it; undefined where it may not be moved so.
   * @throws DuplicateKeyError where another attempt has its number, or is the payment's success already.
   */
  insertMoved(
    tx: RowTransaction,
    attempt: UnwrittenAttempt,
    move: AttemptMove,
    changes: Partial<Omit<PayAttempt, "id">>,
  ): Promise<PayAttempt | undefined>;
  /**
   * Moves an attempt out of the state it was read in; false where it has moved meanwhile or may not.
   *
   * @throws DuplicateKeyError where another attempt is the payment's success already.
   */
  move(
    tx: RowTransaction,
    attempt: Pick<PayAttempt, "id" | "state">,
    move: AttemptMove,
    changes?: Partial<NewPayAttemptRow>,
  ): Promise<boolean>;
}

/** Not cached: an attempt is read where something is decided about it. */
export function createPayAttemptModel(database: Database): PayAttemptModel {
  const model = createPayAttemptModelGen(database);
  const findByPay = (payId: number, tx?: RowTransaction): Promise<PayAttemptRow[]> =>
    tx === undefined
      ? model.findMany((query) => query.where("pay_id", "=", payId).orderBy("id"))
      : model.findAllBy("payId", payId, tx);
  const begin = async (tx: RowTransaction, { id: _, ...row }: UnwrittenAttempt): Promise<PayAttempt> => ({
    ...row,
    id: await model.insert(row, tx),
  });
  return {
    ...model,
    findByPay,
    findOpen: async (payId, tx) => (await findByPay(payId, tx)).filter(({ state }) => isOpen(state)),
    begin,
    insertMoved: async (tx, attempt, move, changes) => {
      const state = attemptMoved(attempt.state, move);
      return state === undefined ? undefined : begin(tx, { ...attempt, ...changes, state });
    },
    move: async (tx, attempt, move, changes = {}) => {
      const state = attemptMoved(attempt.state, move);
      if (state === undefined) return false;
      return model.update(attempt.id, { ...changes, state }, { expect: { state: attempt.state }, tx });
    },
  };
}
