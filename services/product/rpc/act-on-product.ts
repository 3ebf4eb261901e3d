import type { Facts } from "@mall/kit/audit";
import type { Call } from "@mall/kit/call";
import type { Transaction } from "@mall/kit/store";
import type { ServiceContext } from "./context.ts";

/** What somebody does about a product, which gives a T. */
interface ProductAct<T> {
  /** The transaction that keeps the answer for a key; undefined for one of the act's own. */
  readonly own: Transaction | undefined;
  /** Full name of the rpc method. */
  readonly operation: string;
  /** The product's number, undefined before the act where it gives it one. */
  readonly id: (result: T | undefined) => number | undefined;
}

/** Does `work`, and writes down in its transaction what staff changed of a product by it. */
export function actOnProduct<T>(
  { database, audit, productModel }: ServiceContext,
  call: Call,
  { own, operation, id }: ProductAct<T>,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const record = (tx: Transaction): Promise<T> => {
    const look = async (result: T | undefined): Promise<Facts | undefined> => {
      const known = id(result);
      const product = known === undefined ? undefined : await productModel.lockOne(known, tx);
      if (product === undefined) return undefined;
      const { name, desc, stock, amount, status } = product;
      return { name, desc, stock, amount, status };
    };
    const act = { operation, subject: (result: T) => `product/${id(result)}`, look };
    return audit.record(tx, call, act, () => work(tx));
  };
  return own === undefined ? database.transaction(record) : record(own);
}
