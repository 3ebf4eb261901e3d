import { AppError } from "@mall/kit/errors";
import type { ListResponse as Order } from "@mall/order/api";
import type { DetailResponse as Payment } from "@mall/pay/api";
import { useEffect, useRef, useState } from "preact/hooks";
import { isMoving, type OrderState, orderState } from "./order-state.ts";
import { products, watched } from "./server/clients.ts";
import { isSignedOut, troubleText } from "./use-act.ts";
import { useReturns } from "./use-returns.ts";
import type { Visit } from "./visit.ts";

/** From one look to the next while something may come. */
const LOOK_MS = 2000;
/** How many orders are shown at first, and how many more each time. */
const STEP = 20;
/** The most that a list gives at a time. */
const ROWS_MAX = 500;

/** An order as its buyer sees it. */
export interface OwnOrder {
  readonly order: Order;
  readonly payment: Payment | undefined;
  readonly state: OrderState;
  /** The product's; empty for one that is gone. */
  readonly name: string;
}

export interface OwnOrders {
  /** The newest first; undefined before they were seen. */
  readonly shown: readonly OwnOrder[] | undefined;
  /** Why they could not be seen just now. */
  readonly trouble: string;
  readonly hasMore: boolean;
  more(): void;
  look(): void;
}

/** One's orders, looked at again for as long as something may come of one. */
export function useOrders({ session, texts, signedOut }: Visit): OwnOrders {
  const [shown, setShown] = useState<readonly OwnOrder[]>();
  const [trouble, setTrouble] = useState("");
  const [limit, setLimit] = useState(STEP);
  const names = useRef(new Map<number, string>());
  const read = async (): Promise<void> => {
    try {
      setShown(await readOrders(session.uid, limit, names.current));
      setTrouble("");
    } catch (error) {
      if (isSignedOut(error)) signedOut();
      else setTrouble(troubleText(error, texts));
    }
  };
  const look = (): void => {
    void read();
  };
  const isWatched = shown === undefined || trouble !== "" || shown.some(({ state }) => isMoving(state));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a look only sets, and setters never change.
  useEffect(() => {
    look();
    if (!isWatched) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") look();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [limit, isWatched]);
  useReturns(look);
  return {
    shown,
    trouble,
    hasMore: shown?.length === limit && limit < ROWS_MAX,
    more: () => setLimit(Math.min(limit + STEP, ROWS_MAX)),
    look,
  };
}

async function readOrders(uid: number, limit: number, names: Map<number, string>): Promise<OwnOrder[]> {
  const [orders, payments] = await Promise.all([
    watched.orders.list({ uid, limit }),
    watched.pay.list({ uid, limit: ROWS_MAX }),
  ]);
  await Promise.all([...new Set(orders.map(({ pid }) => pid))].map((pid) => learnName(pid, names)));
  const byOrder = new Map(payments.map((payment) => [payment.oid, payment]));
  return orders.map((order) => {
    const payment = byOrder.get(order.id);
    return { order, payment, state: orderState(order, payment), name: names.get(order.pid) ?? "" };
  });
}

async function learnName(pid: number, names: Map<number, string>): Promise<void> {
  if (names.has(pid)) return;
  try {
    names.set(pid, (await products.detail({ id: pid })).name);
  } catch (error) {
    // One that is removed has no name any more.
    if (!(error instanceof AppError && error.code === "NOT_FOUND")) throw error;
    names.set(pid, "");
  }
}
