import type { BankNotice, BankStore } from "./bank-store.ts";
import type { BankTrade } from "./trade.ts";

/** Keeps a bank's records for as long as its process lives. */
export function createMemoryBankStore(): BankStore {
  const trades = new Map<string, BankTrade>();
  const waiting = new Map<string, BankNotice>();
  return {
    trade: async (outTradeNo) => trades.get(outTradeNo),
    notices: async () => [...waiting.values()],
    save: async ({ trade, notices = [], ended = [] }) => {
      if (trade !== undefined) trades.set(trade.outTradeNo, trade);
      for (const notice of notices) waiting.set(notice.id, notice);
      for (const id of ended) waiting.delete(id);
    },
  };
}
