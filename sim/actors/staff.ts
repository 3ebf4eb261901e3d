import type { Act, ActionContext } from "./action.ts";
import { ask } from "./ask.ts";
import { placeOrder } from "./customers.ts";
import { STAFF } from "./people.ts";

/** Brings pieces or takes some away; or counts them, and writes what was counted some time later. */
export const changeStock: Act = async (context) => {
  const { pid, random } = context;
  const stock = random.chance(0.5) ? await count(context) : undefined;
  const counted = { stock: random.int(0, 8), expectedStock: stock };
  await ask(context, {
    route: "POST /api/product/update",
    identity: STAFF,
    body: { id: pid, ...(stock === undefined ? { stockChange: random.int(-3, 5) } : counted) },
    key: random.chance(0.7) ? context.id : undefined,
    attempts: random.int(1, 3),
  });
};

async function count(context: ActionContext): Promise<number | undefined> {
  const { pid, random } = context;
  const body = { id: pid };
  const seen = await ask<{ stock: number }>(context, { route: "POST /api/product/detail", body });
  await context.pause(random.logInt(1, 2_000));
  return seen.kind === "yes" ? seen.value.stock : undefined;
}

/** Changes what a product costs. */
export const changePrice: Act = async (context) => {
  const { pid, random } = context;
  const price = { id: pid, amount: random.pick([9_900, 8_800, 12_345]) };
  await ask(context, { route: "POST /api/product/update", identity: STAFF, body: price });
};

/** Takes a product off the shelf and puts it back. */
export const changeShelf: Act = (context) => flipShelf(context, context.random.int(10, 2_000));

/** Takes a product off the shelf while some order it, and puts it back when they may still be waiting. */
export const orderAsShelfChanges: Act = async (context) => {
  const { random } = context;
  const ordered = Array.from({ length: random.int(1, 4) }, (_, index) =>
    placeOrder(context, `${context.id}-${index}`),
  );
  await context.pause(random.logInt(1, 500));
  await flipShelf(context, random.logInt(50, 10_000));
  await Promise.all(ordered);
};

/** Takes a product off the shelf, and puts it back after a while. */
export async function flipShelf(context: ActionContext, pauseMs: number): Promise<void> {
  await putOnShelf(context, false);
  await context.pause(pauseMs);
  await putOnShelf(context, true);
}

/** Takes a product off the shelf, or puts it back. */
export async function putOnShelf(context: ActionContext, isOn: boolean): Promise<void> {
  const body = { id: context.pid, status: isOn ? 0 : 1 };
  await ask(context, { route: "POST /api/product/update", identity: STAFF, body, attempts: 3 });
}

/** Gives somebody a discount, sometimes all of it. */
export const changeAmount: Act = async (context) => {
  const { account, random } = context;
  if (account.orders.length === 0) return;
  const { id, amount } = random.pick(account.orders);
  await ask(context, {
    route: "POST /api/order/update",
    identity: STAFF,
    body: { id, amount: random.chance(0.3) ? 0 : Math.max(0, amount - random.int(1, 100)) },
    key: random.chance(0.5) ? context.id : undefined,
    attempts: random.int(1, 3),
  });
};

/** Cancels an order for its customer. */
export const cancelForCustomer: Act = async (context) => {
  const { account, random } = context;
  if (account.orders.length === 0) return;
  const { id } = random.pick(account.orders);
  await ask(context, { route: "POST /api/order/update", identity: STAFF, body: { id, status: 9 } });
};
