import type { Random } from "../kernel/index.ts";
import type { KnownPay } from "./account.ts";
import type { Act, ActionContext } from "./action.ts";
import { ask } from "./ask.ts";
import { openTrade, payAtBank } from "./buyers.ts";
import { openPay, placeOrder } from "./customers.ts";
import { callBack } from "./gateways.ts";
import { CUSTOMERS, customerOf, STAFF } from "./people.ts";
import { changeAmount, changePrice, flipShelf } from "./staff.ts";

/** How many come at once. */
const CROWD = [4, 9] as const;
const LARGE_CROWD = [10, 24] as const;
const LARGE_CROWDS = 0.4;
/** Within which time they do the same, virtual milliseconds. */
const AT_ONCE_MS = [0, 2, 40] as const;
/** Of those whose payments succeed: whose order costs something else by then, or is given up. */
const CHANGED_MEANWHILE = 0.2;
/** Whose order costs something of its own. */
const DISCOUNTS = 0.4;
/** How often each of a crowd orders. */
const ROUNDS = [1, 4] as const;
/** Crowds that order while what they want is taken off the shelf, and put back. */
const SHELF_CHANGES = 0.3;
/** Who asks twice at the same time, with the same key. */
const TWINS = 0.2;
const LOOKERS = [1, 3] as const;
const LOOKS = [3, 12] as const;

/** Many order the same, again and again, some of them twice, and some think better of it. */
export const crowdOrders: Act = async (context) => {
  const gather = gathering(context);
  const rounds = context.random.int(...ROUNDS);
  const shelf = context.random.chance(SHELF_CHANGES)
    ? gather(context).then(() => flipShelf(context, context.random.logInt(5, 500)))
    : undefined;
  await Promise.all([
    shelf,
    ...crowdOf(context).map(async (own) => {
      for (let round = 1; round <= rounds; round += 1) {
        await gather(own);
        await orderOrRegret({ ...own, id: `${own.id}.${round}` });
      }
    }),
  ]);
};

async function orderOrRegret(own: ActionContext): Promise<void> {
  const { random, id } = own;
  const key = random.chance(0.5) ? id : undefined;
  const twins = key !== undefined && random.chance(TWINS) ? 2 : 1;
  const [placed] = await Promise.all(Array.from({ length: twins }, () => placeOrder(own, key)));
  if (placed === undefined || random.chance(0.6)) return;
  await ask(own, { route: "POST /api/order/update", body: { id: placed.id, status: 9 }, attempts: 3 });
}

/** Many have opened an attempt each, and all of them pay at once. */
export const crowdPays: Act = async (context) => {
  const gather = gathering(context);
  const trades = await Promise.all(crowdOf(context).map(openTrade));
  await Promise.all(
    trades.map(async (trade) => {
      if (trade === undefined) return;
      await gather(context);
      await payAtBank(context, trade);
    }),
  );
};

/** A gateway says of many payments at once that they have succeeded, and people look at them. */
export const crowdIsCalledBack: Act = async (context) => {
  const gather = gathering(context);
  const crowd = crowdOf(context);
  const opened = await Promise.all(crowd.map(openDiscounted));
  await Promise.all(
    opened.map(async (pay, index) => {
      const own = crowd[index];
      if (pay === undefined || own === undefined) return;
      const meanwhile = own.random.chance(CHANGED_MEANWHILE) ? spoil(own, pay) : undefined;
      await gather(own);
      if (own.random.chance(0.5)) await ask(own, { route: "POST /api/pay/detail", body: { id: pay.id } });
      await callBack(own, pay);
      await meanwhile;
    }),
  );
};

/** All of them want something else of one payment and its order, at once. */
export const crowdMeets: Act = async (context) => {
  const { random, bank, account } = context;
  const gather = gathering(context);
  const trade = await openTrade(context);
  if (trade === undefined) return;
  const { payId: id, uid, oid, amount } = trade;
  const pay = { id, uid, oid, amount };
  const doOne = async (): Promise<void> => {
    await gather(context);
    const act = random.int(1, 8);
    if (act <= 4) await callBack(context, pay);
    else if (act === 5) await bank.pay(trade);
    else if (act === 6) await ask(context, { route: "POST /api/pay/sync", body: { id } });
    else if (act === 7) await ask(context, { route: "POST /api/pay/close", body: { id } });
    else await spoil(context, pay);
  };
  const others = account.pays.filter((each) => each.id !== id).slice(-random.int(0, 4));
  await Promise.all([
    ...Array.from({ length: sizeOf(random) }, doOne),
    ...others.map(async (other) => {
      await gather(context);
      await callBack({ ...context, customer: customerOf(other.uid) }, other);
    }),
  ]);
};

/** Many look at an order, its payment and its product, while others change all three. */
export const crowdLooks: Act = async (context) => {
  const { random } = context;
  const opened = await openOne(context);
  if (opened === undefined) return;
  const lookers = Array.from({ length: random.int(...LOOKERS) }, () => lookOften(context, opened));
  await Promise.all([changeAll(context, opened), ...lookers]);
};

async function lookOften(context: ActionContext, { id, oid }: KnownPay): Promise<void> {
  const { random, pid } = context;
  for (let look = random.int(...LOOKS); look > 0; look -= 1) {
    const [route, looked] = random.pick<[string, number]>([
      ["POST /api/order/detail", oid],
      ["POST /api/pay/detail", id],
      ["POST /api/product/detail", pid],
      ["POST /api/product/detail", pid],
    ]);
    await ask(context, { route, body: { id: looked } });
    await context.pause(random.logInt(1, 200));
  }
}

async function changeAll(context: ActionContext, opened: KnownPay): Promise<void> {
  const { random } = context;
  for (let change = random.int(1, 4); change > 0; change -= 1) {
    await context.pause(random.logInt(1, 200));
    await random.pick([changePrice, changePrice, changeAmount])(context);
  }
  const { id, oid } = opened;
  if (random.chance(0.3)) await callBack(context, opened);
  else if (random.chance(0.5))
    await ask(context, { route: "POST /api/pay/close", body: { id }, attempts: 3 });
  else await ask(context, { route: "POST /api/order/update", body: { id: oid, status: 9 }, attempts: 3 });
}

/** The order of a payment is given up, or gets another price. */
async function spoil(context: ActionContext, { oid: id, amount }: KnownPay): Promise<void> {
  if (context.random.chance(0.5)) return reprice(context, { id, amount });
  const cancel = { route: "POST /api/order/update", body: { id, status: 9 } };
  const remove = { route: "POST /api/order/remove", body: { id } };
  await ask(context, { ...context.random.pick([cancel, remove]), attempts: 3 });
}

async function reprice(
  context: ActionContext,
  { id, amount }: { readonly id: number; readonly amount: number },
): Promise<void> {
  const body = { id, amount: amount - context.random.int(1, 99) };
  await ask(context, { route: "POST /api/order/update", identity: STAFF, body, attempts: 3 });
}

function sizeOf(random: Random): number {
  const [fewest, most] = random.chance(LARGE_CROWDS) ? LARGE_CROWD : CROWD;
  return random.int(fewest, most);
}

/** Many in one place, each for himself. */
function crowdOf(context: ActionContext): ActionContext[] {
  const { random, customer, pid, id } = context;
  return Array.from({ length: sizeOf(random) }, (_, index) => ({
    ...context,
    id: `${id}.${index}`,
    customer: customerOf(1 + ((customer.uid + index) % CUSTOMERS)),
    pid: index % 2 === 0 ? pid : 3 - pid,
  }));
}

/** As openOne, sometimes of an order that costs something of its own: what all have in common is compared once. */
async function openDiscounted(context: ActionContext): Promise<KnownPay | undefined> {
  const placed = await placeOrder(context);
  if (placed !== undefined && context.random.chance(DISCOUNTS)) await reprice(context, placed);
  return placed && openPay(context, placed);
}

async function openOne(context: ActionContext): Promise<KnownPay | undefined> {
  const placed = await placeOrder(context);
  return placed && openPay(context, placed);
}

/** What each of a crowd waits for before it does what all of them do. */
function gathering({ random }: ActionContext): (own: ActionContext) => Promise<void> {
  const withinMs = random.pick(AT_ONCE_MS);
  return (own) => own.pause(own.random.float() * withinMs);
}
