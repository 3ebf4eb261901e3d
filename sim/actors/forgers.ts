import type { Act } from "./action.ts";

/** How often what was posted to one account is posted to another. */
const MISDIRECTED = 0.4;

/** Posts a notification that no bank has signed. */
export const forgeNotify: Act = async (context) => {
  const { account, random, notify } = context;
  if (account.trades.length === 0) return;
  const { outTradeNo, amount } = random.pick(account.trades);
  const trade = { state: "paid", tradeNo: "forged", amount, currency: "CNY", fee: 0, paidAt: 1 };
  const body = Buffer.from(JSON.stringify({ id: `forged-${context.id}`, outTradeNo, trade }));
  const signature = `t=${random.int(1, 2 ** 31)},v1=${"0".repeat(64)}`;
  const isTaken = await notify("sandbox", { headers: { "x-sandbox-signature": signature }, body });
  if (isTaken) account.wrong.push(`${context.id}: a forged notification was taken`);
};

/** Posts a notification again that a bank has posted some time ago, at times to another account than it is for. */
export const replayNotify: Act = async (context) => {
  const { account, channels, random, notify, seenNotifies } = context;
  if (seenNotifies.length === 0) return;
  const seen = random.pick(seenNotifies);
  const own = seen.url.slice(seen.url.lastIndexOf("/") + 1);
  const others = channels.filter(({ name }) => name !== own);
  const isMisdirected = others.length > 0 && random.chance(MISDIRECTED);
  const channel = isMisdirected ? random.pick(others).name : own;
  const isTaken = await notify(channel, seen);
  if (isTaken && isMisdirected)
    account.wrong.push(`${context.id}: ${channel} took a notification for ${own}`);
};
