import type { Kernel, Random } from "../kernel/index.ts";
import type { Act } from "./action.ts";
import { decide, decideAtOnce, decideOwn } from "./approvers.ts";
import {
  buy,
  buyAll,
  buyLate,
  buyWrong,
  checkout,
  checkoutLate,
  checkoutTwice,
  checkoutWrong,
  closePay,
  prepay,
  prepayTwice,
  pryAtPays,
  sync,
} from "./buyers.ts";
import {
  playCashier,
  refund,
  refundAtOnce,
  refundInParts,
  resolve,
  reuseRefundNo,
  settleRefund,
  settleTooEarly,
} from "./cashiers.ts";
import { crowdIsCalledBack, crowdLooks, crowdMeets, crowdOrders, crowdPays } from "./crowds.ts";
import {
  borrowKey,
  cancel,
  order,
  orderAndPay,
  orderTwice,
  pay,
  pry,
  remove,
  reuseKey,
} from "./customers.ts";
import { forgeNotify, replayNotify } from "./forgers.ts";
import { callback, forgedCallback, oddCallback, wrongCallback } from "./gateways.ts";
import { CUSTOMERS } from "./people.ts";
import { checkoutAndRefund, refundLostOrder, regretWhilePaying } from "./regrets.ts";
import {
  cancelForCustomer,
  changeAmount,
  changePrice,
  changeShelf,
  changeStock,
  orderAsShelfChanges,
} from "./staff.ts";
import type { Theme } from "./theme.ts";

interface Kind {
  readonly name: string;
  readonly act: Act;
  /** How often it comes, against the others. */
  readonly weight: number;
  /** Runs about this have more of it. */
  readonly theme: Theme;
}

/** How much more often what a run is about comes. */
const THEME_FACTOR = 6;

const KINDS: readonly Kind[] = [
  { name: "checkout", act: checkout, weight: 16, theme: "payments" },
  { name: "checkoutLate", act: checkoutLate, weight: 4, theme: "late" },
  { name: "checkoutTwice", act: checkoutTwice, weight: 2, theme: "late" },
  { name: "checkoutWrong", act: checkoutWrong, weight: 2, theme: "held" },
  { name: "prepay", act: prepay, weight: 3, theme: "payments" },
  { name: "prepayTwice", act: prepayTwice, weight: 2, theme: "payments" },
  { name: "buy", act: buy, weight: 4, theme: "payments" },
  { name: "buyAll", act: buyAll, weight: 2, theme: "late" },
  { name: "buyLate", act: buyLate, weight: 2, theme: "late" },
  { name: "buyWrong", act: buyWrong, weight: 1, theme: "held" },
  { name: "closePay", act: closePay, weight: 2, theme: "late" },
  { name: "sync", act: sync, weight: 1, theme: "payments" },
  { name: "pryAtPays", act: pryAtPays, weight: 1, theme: "payments" },
  { name: "forgeNotify", act: forgeNotify, weight: 1, theme: "payments" },
  { name: "replayNotify", act: replayNotify, weight: 2, theme: "payments" },
  { name: "refund", act: refund, weight: 3, theme: "refunds" },
  { name: "checkoutAndRefund", act: checkoutAndRefund, weight: 2, theme: "refunds" },
  { name: "refundLostOrder", act: refundLostOrder, weight: 2, theme: "refunds" },
  { name: "refundAtOnce", act: refundAtOnce, weight: 1, theme: "late" },
  { name: "refundInParts", act: refundInParts, weight: 2, theme: "refunds" },
  { name: "reuseRefundNo", act: reuseRefundNo, weight: 1, theme: "refunds" },
  { name: "settleRefund", act: settleRefund, weight: 3, theme: "callbacks" },
  { name: "settleTooEarly", act: settleTooEarly, weight: 1, theme: "refunds" },
  { name: "resolve", act: resolve, weight: 2, theme: "held" },
  { name: "playCashier", act: playCashier, weight: 1, theme: "refunds" },
  { name: "orderAndPay", act: orderAndPay, weight: 6, theme: "callbacks" },
  { name: "order", act: order, weight: 3, theme: "orders" },
  { name: "orderTwice", act: orderTwice, weight: 2, theme: "orders" },
  { name: "rush", act: crowdOrders, weight: 1, theme: "orders" },
  { name: "reuseKey", act: reuseKey, weight: 1, theme: "orders" },
  { name: "borrowKey", act: borrowKey, weight: 1, theme: "orders" },
  { name: "pay", act: pay, weight: 4, theme: "callbacks" },
  { name: "cancel", act: cancel, weight: 3, theme: "orders" },
  { name: "remove", act: remove, weight: 1, theme: "orders" },
  { name: "regretWhilePaying", act: regretWhilePaying, weight: 3, theme: "orders" },
  { name: "pry", act: pry, weight: 1, theme: "orders" },
  { name: "callback", act: callback, weight: 4, theme: "callbacks" },
  { name: "wrongCallback", act: wrongCallback, weight: 1, theme: "callbacks" },
  { name: "oddCallback", act: oddCallback, weight: 1, theme: "held" },
  { name: "forgedCallback", act: forgedCallback, weight: 1, theme: "callbacks" },
  { name: "changeStock", act: changeStock, weight: 1, theme: "orders" },
  { name: "changePrice", act: changePrice, weight: 1, theme: "orders" },
  { name: "changeShelf", act: changeShelf, weight: 1, theme: "orders" },
  { name: "orderAsShelfChanges", act: orderAsShelfChanges, weight: 2, theme: "orders" },
  { name: "changeAmount", act: changeAmount, weight: 3, theme: "held" },
  { name: "cancelForCustomer", act: cancelForCustomer, weight: 1, theme: "late" },
];

/** What only runs have that are about crowds; in these nothing else comes as often. */
const CROWD_KINDS: readonly Kind[] = [
  { name: "crowdOrders", act: crowdOrders, weight: 12, theme: "crowds" },
  { name: "crowdMeets", act: crowdMeets, weight: 12, theme: "crowds" },
  { name: "crowdPays", act: crowdPays, weight: 12, theme: "crowds" },
  { name: "crowdIsCalledBack", act: crowdIsCalledBack, weight: 12, theme: "crowds" },
  { name: "crowdLooks", act: crowdLooks, weight: 14, theme: "crowds" },
];

/** What second persons do, where there are any. */
const DECIDER_KINDS: readonly Omit<Kind, "theme">[] = [
  { name: "decide", act: decide, weight: 5 },
  { name: "decideAtOnce", act: decideAtOnce, weight: 2 },
  { name: "decideOwn", act: decideOwn, weight: 2 },
];

/** Actions of one run; a crowd is one. */
const ACTIONS = [4, 24] as const;
const ACTIONS_OF_CROWDS = [1, 6] as const;
const DECIDER_ACTIONS = [2, 10] as const;
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

/** What people do in the run of a seed that is about `theme`. Products have the ids 1 … `products`. */
export function writeScript(kernel: Kernel, theme: Theme | undefined, products: number): ScriptedAction[] {
  const random = kernel.random("script");
  const span = random.logInt(...SPAN_MS);
  const all = theme === "crowds" ? [...KINDS, ...CROWD_KINDS] : KINDS;
  const kinds = all.map((kind) => ({
    ...kind,
    weight: kind.weight * (kind.theme === theme ? THEME_FACTOR : 1),
  }));
  const [fewest, most] = theme === "crowds" ? ACTIONS_OF_CROWDS : ACTIONS;
  const count = random.int(fewest, most);
  return Array.from({ length: count }, (_, index) => {
    const { name, act } = pickKind(random, kinds);
    const at = random.float() * span;
    return { id: `${index}-${name}`, act, at, uid: random.int(1, CUSTOMERS), pid: random.int(1, products) };
  });
}

/** What second persons do beside that, on a stream of their own. */
export function writeDeciders(kernel: Kernel, products: number): ScriptedAction[] {
  const random = kernel.random("deciders");
  const span = random.logInt(...SPAN_MS);
  return Array.from({ length: random.int(...DECIDER_ACTIONS) }, (_, index) => {
    const { name, act } = pickKind(random, DECIDER_KINDS);
    const at = random.float() * span;
    return {
      id: `second-${index}-${name}`,
      act,
      at,
      uid: random.int(1, CUSTOMERS),
      pid: random.int(1, products),
    };
  });
}

function pickKind<Each extends Pick<Kind, "weight">>(random: Random, kinds: readonly Each[]): Each {
  let draw = random.float() * kinds.reduce((sum, { weight }) => sum + weight, 0);
  for (const kind of kinds) {
    draw -= kind.weight;
    if (draw < 0) return kind;
  }
  throw new Error("no kind of action");
}
