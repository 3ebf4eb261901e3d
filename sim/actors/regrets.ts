import type { Act, ActionContext } from "./action.ts";
import { ask } from "./ask.ts";
import { openTrade, payAtBank } from "./buyers.ts";
import { askForRefund } from "./cashiers.ts";
import { openPay, placeOrder } from "./customers.ts";
import { callBack } from "./gateways.ts";
import { STAFF } from "./people.ts";
import { putOnShelf } from "./staff.ts";

/** How often staff look whether there is something to send back. */
const LOOKS_MAX = 20;
const QUICK_LOOKS_MAX = 60;
/** Within which time two things that exclude each other are asked for, virtual milliseconds. */
const HURRY_MS = 6;
/** Refunds of one payment under numbers of their own, where earlier ones came to nothing. */
const ROUNDS_MAX = 3;

/** Orders and pays; then staff send all of it back, and what did not go back they send again. */
export const checkoutAndRefund: Act = async (context) => {
  const { random } = context;
  const trade = await openTrade(context);
  if (trade === undefined) return;
  await payAtBank(context, trade);
  if (random.chance(0.5)) await syncPay(context, trade.payId);
  const rounds = random.int(1, ROUNDS_MAX);
  for (let round = 1; round <= rounds; round += 1) {
    const rest = await untilRefundable(context, trade.payId);
    if (rest === 0) return;
    await sendBack(context, { id: trade.payId, rest, round });
  }
};

/**
 * Pays for an order that was cancelled and cannot be had any more; staff are quicker to send a part back than the mall
 * is to send back all.
 */
export const refundLostOrder: Act = async (context) => {
  const { random, bank, waiting } = context;
  const trade = await openTrade(context);
  if (trade === undefined) return;
  await putOnShelf(context, false);
  await ask(context, { route: "POST /api/order/update", body: { id: trade.oid, status: 9 }, attempts: 3 });
  await bank.payLate(trade);
  for (let look = 1; look <= QUICK_LOOKS_MAX; look += 1) {
    const paid = waiting.refundable().find(({ id }) => id === trade.payId);
    if (paid !== undefined) {
      const amount = random.int(1, paid.rest);
      await askForRefund(context, { id: paid.id, refundNo: `quick-${context.id}`, amount });
      break;
    }
    await context.pause(random.logInt(1, 100));
  }
  await putOnShelf(context, true);
};

/** Orders and opens the payment, and has the order taken away, given up or repriced just when the payment succeeds. */
export const regretWhilePaying: Act = async (context) => {
  const { random } = context;
  const placed = await placeOrder(context);
  const opened = placed && (await openPay(context, placed));
  if (opened === undefined) return;
  const soon = (): Promise<void> => context.pause(random.float() * HURRY_MS);
  const { oid: id, amount } = opened;
  const route = "POST /api/order/update";
  const remove = { route: "POST /api/order/remove", body: { id } };
  const cancel = { route, body: { id, status: 9 } };
  const reprice = { route, identity: STAFF, body: { id, amount: amount - random.int(1, 99) } };
  const meanwhile = random.pick([remove, remove, cancel, reprice]);
  await Promise.all([
    soon().then(() => callBack(context, opened)),
    soon().then(() => ask(context, { ...meanwhile, attempts: random.int(1, 2) })),
  ]);
};

/** Sends back what is left, in one or several parts, and cannot wait to hear how that went. */
async function sendBack(
  context: ActionContext,
  { id, rest, round }: { readonly id: number; readonly rest: number; readonly round: number },
): Promise<void> {
  const { random } = context;
  const parts = random.pick([1, 1, 2, 3]);
  const asked: Promise<void>[] = [];
  for (let part = 1; part <= parts; part += 1) {
    const amount = Math.floor((rest * part) / parts) - Math.floor((rest * (part - 1)) / parts);
    asked.push(askForRefund(context, { id, refundNo: `back${round}-${part}-${context.id}`, amount }));
    await context.pause(random.logInt(1, 2_000));
    if (random.chance(0.5)) asked.push(syncPay(context, id));
  }
  await Promise.all(asked);
}

/** What of a payment is left to send back once there is something; 0 where that takes too long. */
async function untilRefundable({ waiting, random, pause }: ActionContext, id: number): Promise<number> {
  for (let look = 1; look <= LOOKS_MAX; look += 1) {
    const paid = waiting.refundable().find((each) => each.id === id);
    if (paid !== undefined) return paid.rest;
    await pause(random.logInt(10, 10_000));
  }
  return 0;
}

/** Has the channel asked about a payment and its refunds. */
async function syncPay(context: ActionContext, id: number): Promise<void> {
  await ask(context, { route: "POST /api/pay/sync", identity: STAFF, body: { id } });
}
