import type { Facts } from "@mall/kit/audit";
import type { Call } from "@mall/kit/call";
import type { Transaction } from "@mall/kit/store";
import type { ServiceContext } from "./context.ts";

/** What somebody does about a product by a call, in the transaction that decides it; it gives a T. */
interface ProductAct<T> {
  readonly tx: Transaction;
  /** The product's number, undefined before the act where it gives it one. */
  readonly id: (result: T | undefined) => number | undefined;
}

/** Does `work`, and writes down in its transaction what staff changed of a product by it. */
export function actOnProduct<T>(
  { audit, productModel }: ServiceContext,
  call: Call,
  { tx, id }: ProductAct<T>,
  work: () => Promise<T>,
): Promise<T> {
  const look = async (result: T | undefined): Promise<Facts | undefined> => {
    const known = id(result);
    const product = known === undefined ? undefined : await productModel.lockOne(known, tx);
    if (product === undefined) return undefined;
    const { name, desc, stock, amount, status } = product;
    return { name, desc, stock, amount, status };
  };
  return audit.record(tx, call, { subject: (result: T) => `product/${id(result)}`, look }, work);
}
