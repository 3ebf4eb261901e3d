import type { Act, ActionContext } from "./action.ts";
import { ask } from "./ask.ts";
import { STAFF } from "./people.ts";

/** Sends money of a payment back: all, a part, or more than is left. */
export const refund: Act = async (context) => {
  const { random } = context;
  const { id, rest } = choosePay(context) ?? {};
  if (id === undefined || rest === undefined) return;
  const part = random.pick([rest, rest, random.int(1, rest), random.int(1, rest), rest + 1]);
  await askForRefund(context, { id, refundNo: `r-${context.id}`, amount: part });
};

/** Sends a part back as soon as there is something to send back. */
export const refundAtOnce: Act = async (context) => {
  const { random, waiting } = context;
  for (let look = 1; look <= 60; look += 1) {
    const [paid] = waiting.refundable();
    if (paid !== undefined) {
      const amount = random.int(1, paid.rest);
      await askForRefund(context, { id: paid.id, refundNo: `now-${context.id}`, amount });
      return;
    }
    await context.pause(random.logInt(2, 1_000));
  }
};

/** Sends money back in parts, until nobody lets him. */
export const refundInParts: Act = async (context) => {
  const { random } = context;
  const { id, rest } = choosePay(context) ?? {};
  if (id === undefined || rest === undefined) return;
  const parts = random.int(2, 4);
  for (let part = 1; part <= parts; part += 1) {
    const request = { id, refundNo: `r${part}-${context.id}`, amount: Math.ceil(rest / parts) };
    const asked = askForRefund(context, request);
    if (random.chance(0.5)) await asked;
    else await context.pause(random.logInt(1, 2_000));
  }
};

/** Uses the number of a refund for another one. */
export const reuseRefundNo: Act = async (context) => {
  const { account, random } = context;
  if (account.refunds.length === 0) return;
  const { id, refundNo, amount } = random.pick(account.refunds);
  const body = { id, refundNo, amount: amount === 1 ? 2 : amount - 1 };
  const told = await ask(context, { route: "POST /api/pay/refund", identity: STAFF, body });
  if (told.kind === "yes") account.wrong.push(`refund ${refundNo} was made of another amount too`);
};

/** Says how a refund went that is made by hand. */
export const settleRefund: Act = async (context) => {
  const { random, waiting } = context;
  const byHand = waiting.refundsByHand();
  if (byHand.length === 0) return;
  const refundNo = random.pick(byHand);
  const succeeded = random.chance(0.7);
  await settle(context, refundNo, succeeded);
  // Nobody said whether it was heard, so it is said again, or somebody else says otherwise.
  if (random.chance(0.3)) await settle(context, refundNo, random.chance(0.8) ? succeeded : !succeeded);
};

/** Says how a refund went that its channel makes: only that knows, and nobody is believed. */
export const settleTooEarly: Act = async (context) => {
  const { random, waiting } = context;
  const atChannel = waiting.refundsAtChannel();
  if (atChannel.length === 0) return;
  const body = { refundNo: random.pick(atChannel), succeeded: random.chance(0.5) };
  await ask(context, { route: "POST /api/pay/refund/settle", identity: STAFF, body });
};

/** Decides about money that is held. */
export const resolve: Act = async (context) => {
  const { account, random, waiting } = context;
  const held = waiting.heldPays();
  if (held.length === 0) return;
  const id = random.pick(held);
  const decision = random.pick(["accept", "refund"]);
  if (decision === "accept") account.accepted.add(id);
  await ask(context, {
    ...{ route: "POST /api/pay/resolve", identity: STAFF, body: { id, decision } },
    ...{ key: random.chance(0.5) ? context.id : undefined, attempts: random.int(1, 4) },
  });
};

/** A customer does what only staff may. */
export const playCashier: Act = async (context) => {
  const { account, random } = context;
  if (account.pays.length === 0) return;
  const { id } = random.pick(account.pays);
  const [route, body] = random.pick<[string, object]>([
    ["POST /api/pay/refund", { id, refundNo: `mine-${context.id}`, amount: 1 }],
    ["POST /api/pay/resolve", { id, decision: "refund" }],
    ["POST /api/pay/refund/settle", { refundNo: `mine-${context.id}`, succeeded: true }],
  ]);
  const told = await ask(context, { route, body });
  if (told.kind === "yes") account.wrong.push(`${context.id}: a customer was let at ${route}`);
};

interface Refund {
  readonly id: number;
  readonly refundNo: string;
  readonly amount: number;
}

/** A paid payment; sometimes any other one. */
function choosePay({ account, random, waiting }: ActionContext): { id: number; rest: number } | undefined {
  const paid = waiting.refundable();
  if (paid.length > 0 && random.chance(0.9)) return random.pick(paid);
  if (account.pays.length === 0) return undefined;
  const { id, amount } = random.pick(account.pays);
  return { id, rest: Math.max(1, amount) };
}

/** Asks for a refund, and again where nobody answers. */
export async function askForRefund(context: ActionContext, body: Refund): Promise<void> {
  const { account, random } = context;
  const told = await ask<{ approvalId?: number }>(context, {
    ...{ route: "POST /api/pay/refund", identity: STAFF, body },
    ...{ key: random.chance(0.5) ? body.refundNo : undefined, attempts: random.int(1, 5) },
  });
  // What waits for a second person is no refund yet.
  if (told.kind === "yes" && told.value.approvalId === undefined) account.refunds.push(body);
}

async function settle(context: ActionContext, refundNo: string, succeeded: boolean): Promise<void> {
  if (succeeded) context.account.madeByHand.add(refundNo);
  await ask(context, {
    ...{ route: "POST /api/pay/refund/settle", identity: STAFF, body: { refundNo, succeeded } },
    attempts: context.random.int(1, 3),
  });
}
