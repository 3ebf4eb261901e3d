import type { KnownOrder, KnownPay } from "./account.ts";
import type { Act, ActionContext } from "./action.ts";
import { ask } from "./ask.ts";

/** The price of everything, fen. */
export const PRICE = 9_900;

/** Orders one piece. */
export const order: Act = async (context) => {
  await placeOrder(context);
};

/** Presses the button twice. */
export const orderTwice: Act = async (context) => {
  const key = context.id;
  await Promise.all([placeOrder(context, key), placeOrder(context, key)]);
};

/** Orders, and then uses the key of that for something else. */
export const reuseKey: Act = async (context) => {
  const { account, customer, pid } = context;
  const key = context.id;
  if ((await placeOrder(context, key)) === undefined) return;
  const body = { uid: customer.uid, pid: pid === 1 ? 2 : 1, amount: PRICE };
  const told = await ask(context, { route: "POST /api/order/create", body, key });
  if (told.kind === "yes") account.wrong.push(`key ${key} was taken for another request`);
};

/** Orders with a key that somebody else has used: his keys and mine are not the same. */
export const borrowKey: Act = async (context) => {
  const { account, customer, random } = context;
  const others = [...account.ordersAsked].filter(([uid]) => uid !== customer.uid);
  const keys = others.flatMap(([, asked]) => [...asked.keys]);
  if (keys.length > 0) await placeOrder(context, random.pick(keys));
};

/** Orders and opens the payment, in one go. */
export const orderAndPay: Act = async (context) => {
  const placed = await placeOrder(context);
  if (placed === undefined) return;
  await context.pause(context.random.int(0, 500));
  await openPay(context, placed);
};

/** Opens the payment of one of one's own orders. */
export const pay: Act = async (context) => {
  const mine = ownOrders(context);
  if (mine.length > 0) await openPay(context, context.random.pick(mine));
};

/** Cancels one of one's own orders. */
export const cancel: Act = async (context) => {
  const { account, random, id: key } = context;
  const mine = ownOrders(context);
  if (mine.length === 0) return;
  const chosen = random.pick(mine);
  const told = await ask(context, {
    route: "POST /api/order/update",
    body: { id: chosen.id, status: 9 },
    key: random.chance(0.5) ? key : undefined,
    attempts: random.int(1, 4),
  });
  if (told.kind === "yes") account.cancelled.push(chosen);
};

/** Takes one of one's own orders away. */
export const remove: Act = async (context) => {
  const mine = ownOrders(context);
  if (mine.length === 0) return;
  await ask(context, { route: "POST /api/order/remove", body: { id: context.random.pick(mine).id } });
};

/** Tries what is somebody else's: it must not be there for him. */
export const pry: Act = async (context) => {
  const { account, customer, random } = context;
  const others = account.orders.filter(({ uid }) => uid !== customer.uid);
  if (others.length === 0) return;
  const { id, uid } = random.pick(others);
  const [route, body] = random.pick<[string, object]>([
    ["POST /api/order/update", { id, status: 9 }],
    ["POST /api/order/detail", { id }],
    ["POST /api/order/remove", { id }],
    ["POST /api/pay/create", { uid, oid: id, amount: PRICE }],
    ["POST /api/pay/create", { uid: customer.uid, oid: id, amount: PRICE }],
  ]);
  const told = await ask(context, { route, body });
  if (told.kind === "yes") account.wrong.push(`${context.id} was let at order ${id} of another: ${route}`);
};

function ownOrders({ account, customer }: ActionContext): KnownOrder[] {
  return account.orders.filter(({ uid }) => uid === customer.uid);
}

/** Orders one piece at what it costs now. */
export async function placeOrder(context: ActionContext, givenKey?: string): Promise<KnownOrder | undefined> {
  const { account, customer, pid, random } = context;
  const { uid } = customer;
  const key = givenKey ?? (random.chance(0.7) ? context.id : undefined);
  const amount = await askPrice(context);
  account.askForOrder(uid, key);
  const told = await ask<{ id: number }>(context, {
    route: "POST /api/order/create",
    body: { uid, pid, amount },
    key,
    attempts: key === undefined ? 1 : random.int(1, 6),
  });
  if (told.kind !== "yes") return undefined;
  const placed = { id: told.value.id, uid, pid, amount };
  account.addOrder(placed);
  return placed;
}

/** What the product costs now; what it cost at first where nobody says. */
async function askPrice(context: ActionContext): Promise<number> {
  const told = await ask<{ amount: number }>(context, {
    route: "POST /api/product/detail",
    body: { id: context.pid },
  });
  return told.kind === "yes" ? told.value.amount : PRICE;
}

/** Opens the payment of an order at what that costs now. */
export async function openPay(context: ActionContext, known: KnownOrder): Promise<KnownPay | undefined> {
  const { account, customer, random } = context;
  const { uid } = customer;
  const oid = known.id;
  const order = await ask<{ amount: number }>(context, {
    route: "POST /api/order/detail",
    body: { id: oid },
  });
  const amount = order.kind === "yes" ? order.value.amount : known.amount;
  const key = random.chance(0.5) ? `pay-${context.id}` : undefined;
  account.askForPay(oid, key ?? "without a key");
  const body = { uid, oid, amount };
  const told = await ask<{ id: number }>(context, {
    ...{ route: "POST /api/pay/create", body, key, attempts: random.int(1, 3) },
  });
  if (told.kind === "no" && told.error.reason === "PAY_EXISTS" && key !== undefined) {
    account.refusedAsSecond(oid, key);
  }
  if (told.kind !== "yes") return undefined;
  const opened = { id: told.value.id, uid, oid, amount };
  if (!account.pays.some(({ id }) => id === opened.id)) account.pays.push(opened);
  return opened;
}
