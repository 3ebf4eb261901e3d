import type { KnownPay, KnownTrade } from "./account.ts";
import type { Act, ActionContext } from "./action.ts";
import { ask } from "./ask.ts";
import { openPay, placeOrder } from "./customers.ts";

const CHANNEL = "sandbox";

/** Orders, opens the payment, opens an attempt and pays it, with breaks; may stop anywhere. */
export const checkout: Act = async (context) => {
  const { random } = context;
  const placed = await placeOrder(context);
  if (placed === undefined) return;
  await context.pause(random.logInt(1, 5_000));
  const opened = await openPay(context, placed);
  if (opened === undefined) return;
  await context.pause(random.logInt(1, 5_000));
  const trade = await openAttempt(context, opened);
  if (trade === undefined || random.chance(0.15)) return;
  await context.pause(random.logInt(1, 30_000));
  await payAtBank(context, trade);
};

/** Opens an attempt of one of one's own payments. */
export const prepay: Act = async (context) => {
  const mine = context.account.pays.filter(({ uid }) => uid === context.customer.uid);
  if (mine.length > 0) await openAttempt(context, context.random.pick(mine));
};

/** Opens two attempts of a payment at once, in two windows. */
export const prepayTwice: Act = async (context) => {
  const mine = context.account.pays.filter(({ uid }) => uid === context.customer.uid);
  if (mine.length === 0) return;
  const chosen = context.random.pick(mine);
  const key = context.random.chance(0.5) ? `twice-${context.id}` : undefined;
  const trades = await Promise.all([openAttempt(context, chosen, key), openAttempt(context, chosen, key)]);
  for (const trade of trades) if (trade !== undefined) await payAtBank(context, trade);
};

/** Pays one of one's own attempts, whatever became of it meanwhile. */
export const buy: Act = async (context) => {
  const mine = ownTrades(context);
  if (mine.length > 0) await payAtBank(context, context.random.pick(mine));
};

/** Pays every attempt that one has ever opened. */
export const buyAll: Act = async (context) => {
  for (const trade of ownTrades(context)) {
    await payAtBank(context, trade);
    await context.pause(context.random.logInt(1, 3_000));
  }
};

/** Is charged something else than was asked for. */
export const buyWrong: Act = async (context) => {
  const { random } = context;
  const mine = ownTrades(context);
  if (mine.length === 0) return;
  const trade = random.pick(mine);
  const wrong = random.pick([
    { amount: trade.amount - 1 },
    { amount: trade.amount + 1_000 },
    { currency: "USD" },
  ]);
  await context.bank.pay(trade.outTradeNo, wrong);
};

/** Closes one of one's own payments. */
export const closePay: Act = async (context) => {
  const { account, customer, random } = context;
  const mine = account.pays.filter(({ uid }) => uid === customer.uid);
  if (mine.length === 0) return;
  const { id } = random.pick(mine);
  const key = random.chance(0.5) ? context.id : undefined;
  await ask(context, { route: "POST /api/pay/close", body: { id }, key, attempts: random.int(1, 4) });
};

/** Has the channel asked about one of one's own payments. */
export const sync: Act = async (context) => {
  const mine = context.account.pays.filter(({ uid }) => uid === context.customer.uid);
  if (mine.length === 0) return;
  await ask(context, { route: "POST /api/pay/sync", body: { id: context.random.pick(mine).id } });
};

/** Tries the payments of others: they must not be there for him. */
export const pryAtPays: Act = async (context) => {
  const { account, customer, random } = context;
  const others = account.pays.filter(({ uid }) => uid !== customer.uid);
  if (others.length === 0) return;
  const { id } = random.pick(others);
  const [route, body] = random.pick<[string, object]>([
    ["POST /api/pay/detail", { id }],
    ["POST /api/pay/prepay", { id, channel: CHANNEL }],
    ["POST /api/pay/close", { id }],
    ["POST /api/pay/sync", { id }],
  ]);
  const told = await ask(context, { route, body });
  if (told.kind === "yes") account.wrong.push(`${context.id} was let at payment ${id} of another: ${route}`);
};

async function openAttempt(
  context: ActionContext,
  { id, uid }: KnownPay,
  givenKey?: string,
): Promise<KnownTrade | undefined> {
  const { account, random } = context;
  const key = givenKey ?? (random.chance(0.5) ? `prepay-${context.id}` : undefined);
  const told = await ask<{ outTradeNo: string }>(context, {
    ...{ route: "POST /api/pay/prepay", body: { id, channel: CHANNEL }, key },
    attempts: random.int(1, 4),
  });
  if (told.kind !== "yes") return undefined;
  const { outTradeNo } = told.value;
  const known = account.trades.find((each) => each.outTradeNo === outTradeNo);
  if (known !== undefined) return known;
  const trade = { outTradeNo, payId: id, uid, amount: context.bank.amountOf(outTradeNo) };
  account.trades.push(trade);
  return trade;
}

async function payAtBank({ bank, random }: ActionContext, { outTradeNo }: KnownTrade): Promise<void> {
  await bank.pay(outTradeNo);
  // The buyer has no answer and presses the button again.
  if (random.chance(0.1)) await bank.pay(outTradeNo);
}

function ownTrades({ account, customer }: ActionContext): KnownTrade[] {
  return account.trades.filter(({ uid }) => uid === customer.uid);
}
