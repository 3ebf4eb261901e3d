import type { KnownPay } from "./account.ts";
import type { Act, ActionContext } from "./action.ts";
import { ask } from "./ask.ts";
import { openTrade, payAtBank } from "./buyers.ts";
import { openPay, placeOrder } from "./customers.ts";
import { callBack } from "./gateways.ts";
import { CUSTOMERS, customerOf } from "./people.ts";

/** How many come at once. */
const CROWD = [3, 7] as const;
/** Within which time they do the same, virtual milliseconds. */
const AT_ONCE_MS = 40;

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
