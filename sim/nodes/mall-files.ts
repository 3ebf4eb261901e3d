import { join } from "node:path";
import type { MigrationSet } from "@mall/kit/store";
import { orderRpc } from "@mall/order/rpc/main";
import { payRpc } from "@mall/pay/rpc/main";
import { productRpc } from "@mall/product/rpc/main";
import { userRpc } from "@mall/user/rpc/main";
import {
  DatabaseFile,
  type DatabaseWorld,
  type InitialRow,
  MysqlService,
  type ServiceDatabase,
  type WriteWitness,
} from "../storage/index.ts";

/** The services of the mall. */
const SERVICES = ["user", "product", "order", "pay"] as const;
export type ServiceName = (typeof SERVICES)[number];

/** The database of each service; they may be the same one. */
export type MallFiles = Readonly<Record<ServiceName, ServiceDatabase<WriteWitness>>>;

/** The databases of both topologies, in files and on servers. */
export interface SimFiles {
  readonly split: MallFiles;
  readonly allInOne: MallFiles;
  readonly splitOnMysql: MallFiles;
  readonly allInOneOnMysql: MallFiles;
  close(): void;
}

const MIGRATIONS: Readonly<Record<ServiceName, readonly MigrationSet[]>> = {
  user: userRpc.migrations,
  product: productRpc.migrations,
  order: orderRpc.migrations,
  pay: payRpc.migrations,
};

/** Makes the databases of the services in a folder, once for all runs of this process. */
export async function createSimFiles(folder: string): Promise<SimFiles> {
  const create = (name: ServiceName): Promise<DatabaseFile> =>
    DatabaseFile.create(join(folder, `${name}.db`), MIGRATIONS[name]);
  const split = {
    user: await create("user"),
    product: await create("product"),
    order: await create("order"),
    pay: await create("pay"),
  };
  const all = await DatabaseFile.create(join(folder, "mall.db"), Object.values(MIGRATIONS).flat());
  const allInOne = { user: all, product: all, order: all, pay: all };
  const close = (): void => {
    for (const file of [...Object.values(split), all]) file.close();
  };
  return { split, allInOne, ...(await createServers()), close };
}

async function createServers(): Promise<Pick<SimFiles, "splitOnMysql" | "allInOneOnMysql">> {
  const create = (name: ServiceName): Promise<MysqlService> => MysqlService.create(name, MIGRATIONS[name]);
  const splitOnMysql = {
    user: await create("user"),
    product: await create("product"),
    order: await create("order"),
    pay: await create("pay"),
  };
  const all = await MysqlService.create("mall", Object.values(MIGRATIONS).flat());
  return { splitOnMysql, allInOneOnMysql: { user: all, product: all, order: all, pay: all } };
}

/** Makes the databases as they are at the beginning of a run. */
export function resetMallFiles(
  files: MallFiles,
  rows: Readonly<Partial<Record<ServiceName, InitialRow[]>>>,
  world: DatabaseWorld,
): void {
  for (const [file, names] of Map.groupBy(SERVICES, (name) => files[name])) {
    file.reset(
      names.flatMap((name) => rows[name] ?? []),
      world,
    );
  }
}
