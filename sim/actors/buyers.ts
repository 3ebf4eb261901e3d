import type { BuyersTrade } from "../world/index.ts";
import type { KnownPay, KnownTrade } from "./account.ts";
import type { Act, ActionContext, KnownChannel } from "./action.ts";
import { ask } from "./ask.ts";
import { openPay, placeOrder } from "./customers.ts";
import { STAFF } from "./people.ts";

/** Orders, opens the payment, opens an attempt and pays it, with breaks; may stop anywhere. */
export const checkout: Act = async (context) => {
  const { random } = context;
  const trade = await openTrade(context);
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
  const mine = ownTrades(context);
  if (mine.length > 0) await payWrongly(context, context.random.pick(mine));
};

/** Pays an attempt whose bank does not look whether it has closed it. */
export const buyLate: Act = async (context) => {
  const mine = ownTrades(context);
  if (mine.length > 0) await context.bank.payLate(context.random.pick(mine));
};

/** Orders and opens an attempt, gives it up in one way or another, and pays it all the same. */
export const checkoutLate: Act = async (context) => {
  const { random } = context;
  const trade = await openTrade(context);
  if (trade === undefined) return;
  await context.pause(random.logInt(1, 3_000));
  if (random.chance(0.5)) await closeOne(context, trade.payId);
  else
    await ask(context, { route: "POST /api/order/update", body: { id: trade.oid, status: 9 }, attempts: 3 });
  await context.pause(random.logInt(1, 20_000));
  await context.bank.payLate(trade);
};

/** Has staff give a discount while the attempt is open, opens another one, and pays both. */
export const checkoutTwice: Act = async (context) => {
  const { random, bank } = context;
  const first = await openTrade(context);
  if (first === undefined) return;
  const body = { id: first.oid, amount: first.amount - random.int(1, 99) };
  await ask(context, { route: "POST /api/order/update", identity: STAFF, body, attempts: 3 });
  await context.pause(random.logInt(1, 1_000));
  const known = context.account.orders.find(({ id }) => id === first.oid);
  const opened = known && (await openPay(context, known));
  const second = opened && (await openAttempt(context, opened));
  const payFirst = bank.payLate(first);
  if (random.chance(0.5)) await payFirst;
  if (second !== undefined) await bank.pay(second);
  await payFirst;
};

/** Orders, opens an attempt and is charged something else. */
export const checkoutWrong: Act = async (context) => {
  const trade = await openTrade(context);
  if (trade === undefined) return;
  await context.pause(context.random.logInt(1, 3_000));
  await payWrongly(context, trade);
};

/** Closes one of one's own payments. */
export const closePay: Act = async (context) => {
  const mine = context.account.pays.filter(({ uid }) => uid === context.customer.uid);
  if (mine.length > 0) await closeOne(context, context.random.pick(mine).id);
};

/** Has the channel asked about one of one's own payments. */
export const sync: Act = async (context) => {
  const mine = context.account.pays.filter(({ uid }) => uid === context.customer.uid);
  if (mine.length === 0) return;
  await ask(context, { route: "POST /api/pay/sync", body: { id: context.random.pick(mine).id } });
};

/** Tries the payments of others: they must not be there for him. */
export const pryAtPays: Act = async (context) => {
  const { account, channels, customer, random } = context;
  const others = account.pays.filter(({ uid }) => uid !== customer.uid);
  if (others.length === 0) return;
  const { id } = random.pick(others);
  const [route, body] = random.pick<[string, object]>([
    ["POST /api/pay/detail", { id }],
    ["POST /api/pay/prepay", { id, channel: channels[0]?.name }],
    ["POST /api/pay/close", { id }],
    ["POST /api/pay/sync", { id }],
  ]);
  const told = await ask(context, { route, body });
  if (told.kind === "yes") account.wrong.push(`${context.id} was let at payment ${id} of another: ${route}`);
};

/** Orders, opens the payment and opens an attempt. */
export async function openTrade(context: ActionContext): Promise<KnownTrade | undefined> {
  const { random } = context;
  const placed = await placeOrder(context);
  if (placed === undefined) return undefined;
  await context.pause(random.logInt(1, 5_000));
  const opened = await openPay(context, placed);
  if (opened === undefined) return undefined;
  await context.pause(random.logInt(1, 5_000));
  return openAttempt(context, opened);
}

async function closeOne(context: ActionContext, id: number): Promise<void> {
  const { random } = context;
  const key = random.chance(0.5) ? `close-${context.id}` : undefined;
  await ask(context, { route: "POST /api/pay/close", body: { id }, key, attempts: random.int(1, 4) });
}

async function payWrongly({ bank, random }: ActionContext, trade: KnownTrade): Promise<void> {
  const { amount } = trade;
  const wrong = random.pick([{ amount: amount - 1 }, { amount: amount + 1_000 }, { currency: "USD" }]);
  await bank.pay(trade, wrong);
}

async function openAttempt(
  context: ActionContext,
  opened: KnownPay,
  givenKey?: string,
): Promise<KnownTrade | undefined> {
  const { account, random, bank } = context;
  const { id: payId, uid, oid } = opened;
  const way = chooseWay(context);
  const key = givenKey ?? (random.chance(0.5) ? `prepay-${context.id}` : undefined);
  const told = await ask<BuyersTrade>(context, {
    ...{ route: "POST /api/pay/prepay", body: { id: payId, ...way }, key },
    attempts: random.int(1, 4),
  });
  if (told.kind !== "yes") return undefined;
  const { outTradeNo, channel, credential, product } = told.value;
  const known = account.trades.find((each) => each.outTradeNo === outTradeNo);
  if (known !== undefined) return known;
  const given = { outTradeNo, channel, credential, product };
  const trade = { ...given, payId, uid, oid, amount: bank.amountOf(given) ?? opened.amount };
  account.trades.push(trade);
  return trade;
}

/** Where and how somebody pays, who leaves it to the mall where there is nothing to choose. */
function chooseWay({ channels, random }: ActionContext): {
  readonly channel: string;
  readonly product?: string;
} {
  const [only] = channels;
  const { name, products }: KnownChannel = channels.length === 1 && only ? only : random.pick(channels);
  if (products.length === 0) return { channel: name };
  const product = random.pick(products);
  return { channel: name, product, ...(product === "jsapi" && { payerId: "openid-1" }) };
}

/** Pays an attempt. */
export async function payAtBank({ bank, random }: ActionContext, trade: KnownTrade): Promise<void> {
  await bank.pay(trade);
  // The buyer has no answer and presses the button again.
  if (random.chance(0.1)) await bank.pay(trade);
}

function ownTrades({ account, customer }: ActionContext): KnownTrade[] {
  return account.trades.filter(({ uid }) => uid === customer.uid);
}
