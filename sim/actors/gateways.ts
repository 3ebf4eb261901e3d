import type { KnownPay } from "./account.ts";
import type { Act, ActionContext } from "./action.ts";
import { ask } from "./ask.ts";
import { GATEWAY } from "./people.ts";

/** A gateway says that a payment has succeeded, and says it until it is heard. */
export const callback: Act = async (context) => {
  const { account, random } = context;
  if (account.pays.length > 0) await callBack(context, random.pick(account.pays));
};

/** A gateway says that this payment has succeeded. */
export async function callBack(context: ActionContext, chosen: KnownPay): Promise<void> {
  const { account, random } = context;
  const { id, uid, oid, amount } = chosen;
  const told = await ask(context, {
    route: "POST /api/pay/callback",
    identity: GATEWAY,
    body: { id, uid, oid, amount, source: 9, status: 1 },
    attempts: random.int(1, 5),
  });
  if (told.kind === "yes") account.calledBack.push(chosen);
}

/** A gateway says something that is not so. */
export const wrongCallback: Act = async (context) => {
  const { account, random } = context;
  if (account.pays.length === 0) return;
  const { id, uid, oid, amount } = random.pick(account.pays);
  const wrong = random.pick([
    { id, uid: uid + 1, oid, amount },
    { id, uid, oid: oid + 1, amount },
    { id: id + 1_000, uid, oid, amount },
  ]);
  const told = await ask(context, {
    route: "POST /api/pay/callback",
    identity: GATEWAY,
    body: { ...wrong, source: 9, status: 1 },
  });
  if (told.kind === "yes")
    account.wrong.push(`${context.id}: a callback that names another payment was believed`);
};

/** A gateway says that another sum came, which is held or goes back, and never makes anything paid. */
export const oddCallback: Act = async (context) => {
  const { account, random } = context;
  if (account.pays.length === 0) return;
  const { id, uid, oid, amount } = random.pick(account.pays);
  const told = await ask<{ outcome?: string }>(context, {
    route: "POST /api/pay/callback",
    identity: GATEWAY,
    // No price that staff give anything.
    body: { id, uid, oid, amount: amount + 1_000, source: 8, status: 1 },
    attempts: random.int(1, 3),
  });
  // Said again once staff have accepted it, it is the payment's success.
  if (told.kind === "yes" && told.value.outcome === undefined && !account.accepted.has(id))
    account.wrong.push(`${context.id}: another sum than was asked for was taken for a success`);
};

/** A customer says that he has paid. */
export const forgedCallback: Act = async (context) => {
  const { account, random } = context;
  if (account.pays.length === 0) return;
  const { id, uid, oid, amount } = random.pick(account.pays);
  const told = await ask(context, {
    route: "POST /api/pay/callback",
    body: { id, uid, oid, amount, source: 9, status: 1 },
  });
  if (told.kind === "yes") account.wrong.push(`${context.id}: a customer's callback was believed`);
};
