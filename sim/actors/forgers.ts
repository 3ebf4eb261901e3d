import type { Act } from "./action.ts";

/** Posts a notification that no bank has signed. */
export const forgeNotify: Act = async (context) => {
  const { account, random, notify } = context;
  if (account.trades.length === 0) return;
  const { outTradeNo, amount } = random.pick(account.trades);
  const trade = { state: "paid", tradeNo: "forged", amount, currency: "CNY", fee: 0, paidAt: 1 };
  const body = JSON.stringify({ id: `forged-${context.id}`, outTradeNo, trade });
  const signature = `t=${random.int(1, 2 ** 31)},v1=${"0".repeat(64)}`;
  const isTaken = await notify({ "x-sandbox-signature": signature }, body);
  if (isTaken) account.wrong.push(`${context.id}: a forged notification was taken`);
};

/** Posts a notification again that a bank has posted some time ago. */
export const replayNotify: Act = async (context) => {
  const { random, notify, seenNotifies } = context;
  if (seenNotifies.length === 0) return;
  const { headers, body } = random.pick(seenNotifies);
  await notify(headers, Buffer.from(body ?? []).toString("utf8"));
};
