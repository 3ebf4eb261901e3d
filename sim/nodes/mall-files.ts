import { join } from "node:path";
import type { MigrationSet } from "@mall/kit/store";
import { orderRpc } from "@mall/order/rpc/main";
import { payRpc } from "@mall/pay/rpc/main";
import { productRpc } from "@mall/product/rpc/main";
import { userRpc } from "@mall/user/rpc/main";
import { DatabaseFile, type InitialRow } from "../storage/index.ts";

/** The services of the mall. */
const SERVICES = ["user", "product", "order", "pay"] as const;
export type ServiceName = (typeof SERVICES)[number];

/** The database of each service. */
export type MallFiles = Readonly<Record<ServiceName, DatabaseFile>>;

/** Makes the databases of the services in a folder, once for all runs of this process. */
export async function createMallFiles(folder: string): Promise<MallFiles> {
  const create = (
    name: ServiceName,
    { migrations }: { readonly migrations: readonly MigrationSet[] },
  ): Promise<DatabaseFile> => DatabaseFile.create(join(folder, `${name}.db`), migrations);
  return {
    user: await create("user", userRpc),
    product: await create("product", productRpc),
    order: await create("order", orderRpc),
    pay: await create("pay", payRpc),
  };
}

/** Makes the databases as they are at the beginning of a run. */
export function resetMallFiles(
  files: MallFiles,
  rows: Readonly<Partial<Record<ServiceName, InitialRow[]>>>,
): void {
  for (const name of SERVICES) files[name].reset(rows[name] ?? []);
}
