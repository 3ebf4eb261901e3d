import type { BankChanges, BankNotice, BankStore, BankTrade } from "@mall/pay/sandbox/bank";

/** A bank's records; what is kept is kept at once. */
export class BankRecords implements BankStore {
  readonly trades = new Map<string, BankTrade>();
  /** Changes so far. */
  version = 0;
  readonly #notices = new Map<string, BankNotice>();

  async trade(outTradeNo: string): Promise<BankTrade | undefined> {
    return this.trades.get(outTradeNo);
  }

  async notices(): Promise<readonly BankNotice[]> {
    return [...this.#notices.values()];
  }

  async save({ trade, notices = [], ended = [] }: BankChanges): Promise<void> {
    this.version += 1;
    if (trade !== undefined) this.trades.set(trade.outTradeNo, trade);
    for (const notice of notices) this.#notices.set(notice.id, notice);
    for (const id of ended) this.#notices.delete(id);
  }
}
