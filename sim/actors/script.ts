import type { Kernel, Random } from "../kernel/index.ts";
import type { Act } from "./action.ts";
import { buy, buyAll, buyWrong, checkout, closePay, prepay, prepayTwice, pryAtPays, sync } from "./buyers.ts";
import { playCashier, refund, refundInParts, resolve, reuseRefundNo, settleRefund } from "./cashiers.ts";
import { cancel, order, orderAndPay, orderTwice, pay, pry, remove, reuseKey } from "./customers.ts";
import { forgeNotify, replayNotify } from "./forgers.ts";
import { callback, forgedCallback, wrongCallback } from "./gateways.ts";
import { CUSTOMERS } from "./people.ts";
import { cancelForCustomer, changeAmount, changePrice, changeShelf, changeStock } from "./staff.ts";

/** How often each kind of action comes, against the others. */
const KINDS: readonly { readonly name: string; readonly act: Act; readonly weight: number }[] = [
  { name: "checkout", act: checkout, weight: 16 },
  { name: "prepay", act: prepay, weight: 3 },
  { name: "prepayTwice", act: prepayTwice, weight: 2 },
  { name: "buy", act: buy, weight: 4 },
  { name: "buyAll", act: buyAll, weight: 2 },
  { name: "buyWrong", act: buyWrong, weight: 2 },
  { name: "closePay", act: closePay, weight: 2 },
  { name: "sync", act: sync, weight: 1 },
  { name: "pryAtPays", act: pryAtPays, weight: 1 },
  { name: "refund", act: refund, weight: 4 },
  { name: "refundInParts", act: refundInParts, weight: 2 },
  { name: "reuseRefundNo", act: reuseRefundNo, weight: 1 },
  { name: "settleRefund", act: settleRefund, weight: 3 },
  { name: "resolve", act: resolve, weight: 3 },
  { name: "playCashier", act: playCashier, weight: 1 },
  { name: "forgeNotify", act: forgeNotify, weight: 1 },
  { name: "replayNotify", act: replayNotify, weight: 2 },
  { name: "orderAndPay", act: orderAndPay, weight: 6 },
  { name: "order", act: order, weight: 3 },
  { name: "orderTwice", act: orderTwice, weight: 2 },
  { name: "reuseKey", act: reuseKey, weight: 1 },
  { name: "pay", act: pay, weight: 4 },
  { name: "cancel", act: cancel, weight: 3 },
  { name: "remove", act: remove, weight: 1 },
  { name: "pry", act: pry, weight: 1 },
  { name: "callback", act: callback, weight: 4 },
  { name: "wrongCallback", act: wrongCallback, weight: 1 },
  { name: "forgedCallback", act: forgedCallback, weight: 1 },
  { name: "changeStock", act: changeStock, weight: 1 },
  { name: "changePrice", act: changePrice, weight: 1 },
  { name: "changeShelf", act: changeShelf, weight: 1 },
  { name: "changeAmount", act: changeAmount, weight: 2 },
  { name: "cancelForCustomer", act: cancelForCustomer, weight: 1 },
];

/** Actions of one run. */
const ACTIONS = [4, 24] as const;
/** Over which virtual time they begin, milliseconds. */
const SPAN_MS = [30, 20_000] as const;

/** One action of a script. */
export interface ScriptedAction {
  /** Names it, the same in every run of the seed: `7-cancel`. */
  readonly id: string;
  readonly act: Act;
  /** Virtual milliseconds. */
  readonly at: number;
  readonly uid: number;
  readonly pid: number;
}

/** What people do in the run of a seed. Products have the ids 1 … `products`. */
export function writeScript(kernel: Kernel, products: number): ScriptedAction[] {
  const random = kernel.random("script");
  const span = random.logInt(...SPAN_MS);
  return Array.from({ length: random.int(...ACTIONS) }, (_, index) => {
    const { name, act } = pickKind(random);
    const at = random.float() * span;
    return { id: `${index}-${name}`, act, at, uid: random.int(1, CUSTOMERS), pid: random.int(1, products) };
  });
}

function pickKind(random: Random): (typeof KINDS)[number] {
  let draw = random.float() * KINDS.reduce((sum, { weight }) => sum + weight, 0);
  for (const kind of KINDS) {
    draw -= kind.weight;
    if (draw < 0) return kind;
  }
  throw new Error("no kind of action");
}
