import type { Facts } from "@mall/kit/audit";
import type { Call } from "@mall/kit/call";
import type { Transaction } from "@mall/kit/store";
import type { ServiceContext } from "./context.ts";

/** What somebody does about an order, in the transaction that decides it. */
interface OrderAct {
  readonly tx: Transaction;
  /** Full name of the rpc method. */
  readonly operation: string;
  readonly id: number;
}

/** Does `work`, and writes down in its transaction what staff changed of an order by it. */
export function actOnOrder<T>(
  { audit, orderModel }: ServiceContext,
  call: Call,
  { tx, operation, id }: OrderAct,
  work: () => Promise<T>,
): Promise<T> {
  const look = async (): Promise<Facts | undefined> => {
    const order = await orderModel.lockOne(id, tx);
    return order && { status: order.status, amount: order.amount };
  };
  return audit.record(tx, call, { operation, subject: `order/${id}`, look }, work);
}
