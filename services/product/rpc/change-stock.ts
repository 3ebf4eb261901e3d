import type { Call } from "@mall/kit/context";
import type { Transaction } from "@mall/kit/store";
import type { ServiceContext } from "./context.ts";

/**
 * Makes a change of stock. As a branch of a distributed transaction it is made once, however often its coordinator
 * asks, and not at all where it has been taken back before; else it is made as often as it is asked for.
 *
 * @throws whatever `change` throws; then nothing has changed.
 */
export async function changeStock(
  { database, barrier }: ServiceContext,
  { branch }: Call,
  change: (tx?: Transaction) => Promise<void>,
): Promise<void> {
  if (branch === undefined) return change();
  await database.transaction((tx) => barrier.run(tx, branch, () => change(tx)));
}
