import type { KnownPay } from "./account.ts";
import type { Act, ActionContext } from "./action.ts";
import { ask } from "./ask.ts";
import { openTrade, payAtBank } from "./buyers.ts";
import { openPay, placeOrder } from "./customers.ts";
import { callBack } from "./gateways.ts";
import { CUSTOMERS, customerOf } from "./people.ts";
import { changeAmount, changePrice } from "./staff.ts";

/** How many come at once. */
const CROWD = [3, 7] as const;
/** Within which time they do the same, virtual milliseconds. */
const AT_ONCE_MS = 40;
const LOOKERS = [1, 3] as const;
const LOOKS = [3, 12] as const;

/** Many have opened an attempt each, and all of them pay at once. */
export const crowdPays: Act = async (context) => {
  const trades = await Promise.all(crowdOf(context).map(openTrade));
  await Promise.all(
    trades.map(async (trade) => {
      if (trade === undefined) return;
      await atOnce(context);
      await payAtBank(context, trade);
    }),
  );
};

/** A gateway says of many payments at once that they have succeeded, and people look at them. */
export const crowdIsCalledBack: Act = async (context) => {
  const crowd = crowdOf(context);
  const opened = await Promise.all(crowd.map(openOne));
  await Promise.all(
    opened.map(async (pay, index) => {
      const own = crowd[index];
      if (pay === undefined || own === undefined) return;
      await atOnce(own);
      if (own.random.chance(0.5)) await ask(own, { route: "POST /api/pay/detail", body: { id: pay.id } });
      await callBack(own, pay);
    }),
  );
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

/** Many in one place, each for himself. */
function crowdOf(context: ActionContext): ActionContext[] {
  const { random, customer, pid, id } = context;
  return Array.from({ length: random.int(...CROWD) }, (_, index) => ({
    ...context,
    id: `${id}.${index}`,
    customer: customerOf(1 + ((customer.uid + index) % CUSTOMERS)),
    pid: index % 2 === 0 ? pid : 3 - pid,
  }));
}

async function openOne(context: ActionContext): Promise<KnownPay | undefined> {
  const placed = await placeOrder(context);
  return placed && openPay(context, placed);
}

function atOnce({ pause, random }: ActionContext): Promise<void> {
  return pause(random.float() * AT_ONCE_MS);
}
