import { loadConfig, secret } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { idempotencyMigrations } from "@mall/kit/idempotency";
import { jobsMigrations } from "@mall/kit/jobs";
import { systemRuntime } from "@mall/kit/runtime";
import { sagaMigrations } from "@mall/kit/saga";
import { assertSchemaCurrent, type Database, type MigrationSet, openDatabase } from "@mall/kit/store";
import { orderMigrations } from "@mall/order/model/migrations";
import { payMigrations } from "@mall/pay/model/migrations";
import { productMigrations } from "@mall/product/model/migrations";
import { type Command, InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import type { MallDatabases } from "../verify/index.ts";
import { dataFolderOption } from "./data-folder.ts";
import { findDataSource } from "./data-source.ts";

type Service = keyof MallDatabases;
type Sources = Readonly<Record<Service, string>>;

/** Where the command line says that the databases of a mall are. */
export interface MallSourceFlags {
  readonly data?: string;
  readonly file?: string[];
  readonly dataSource?: string[];
}

const SERVICES: readonly Service[] = ["product", "order", "pay"];
const WITH_SERVICE = /^(product|order|pay)=(.+)$/s;

/** What each service's database must hold. */
const MIGRATIONS: Readonly<Record<Service, readonly MigrationSet[]>> = {
  product: [productMigrations, idempotencyMigrations, sagaMigrations],
  order: [orderMigrations, idempotencyMigrations, jobsMigrations, sagaMigrations],
  pay: [payMigrations, idempotencyMigrations, jobsMigrations],
};

const namedConfig = z.object({
  Name: z.string().default(""),
  Mysql: z.object({ DataSource: secret(z.string().default("")) }).prefault({}),
});

/** Adds the ways to name one database for all services, or one for each; they exclude each other. */
export function addMallSourceOptions(command: Command): Command {
  return command
    .addOption(dataFolderOption("file", "dataSource"))
    .addOption(
      new Option(
        "-f, --file <file...>",
        "configuration (YAML) of an all-in-one or an rpc; of product, order and pay rpc where each has its own database",
      ).conflicts("dataSource"),
    )
    .option(
      "--data-source <dsn...>",
      "go-sql-driver DSN, or sqlite:PATH; product=DSN order=DSN pay=DSN where each has its own",
    );
}

/**
 * Opens the databases that were named, each once, for as long as `work` takes.
 *
 * @throws AppError FAILED_PRECONDITION where one is not there or has other tables; InvalidArgumentError where the
 * command line does not say whose a database is.
 */
export async function withMallDatabases<T>(
  flags: MallSourceFlags,
  work: (databases: MallDatabases) => Promise<T>,
): Promise<T> {
  const sources = findSources(flags);
  const opened = new Map<string, Database>();
  try {
    for (const service of SERVICES) await open(opened, service, sources[service]);
    const database = (service: Service): Database => opened.get(sources[service]) ?? missing(service);
    return await work({ product: database("product"), order: database("order"), pay: database("pay") });
  } finally {
    for (const database of opened.values()) await database.close();
  }
}

async function open(opened: Map<string, Database>, service: Service, dataSource: string): Promise<void> {
  const database = opened.get(dataSource) ?? (await openDatabase({ dataSource, runtime: systemRuntime }));
  opened.set(dataSource, database);
  for (const set of MIGRATIONS[service]) await assertSchemaCurrent(database, set);
}

function findSources({ data, file = [], dataSource = [] }: MallSourceFlags): Sources {
  const named =
    file.length > 1
      ? file.map((each): [Service, string] => [serviceOf(each), findDataSource({ file: each })])
      : dataSource.flatMap((each) => withService(each));
  if (named.length > 0) return ofEach(Object.fromEntries(named));
  if (dataSource.length > 1) {
    throw new InvalidArgumentError(
      "Say whose database each is: --data-source product=DSN order=DSN pay=DSN.",
    );
  }
  const one = findDataSource({
    ...(data !== undefined && { data }),
    ...(file[0] !== undefined && { file: file[0] }),
    ...(dataSource[0] !== undefined && { dataSource: dataSource[0] }),
  });
  return { product: one, order: one, pay: one };
}

/** A DSN with a service before it, or nothing for one without. */
function withService(text: string): [Service, string][] {
  const [, name, dataSource = ""] = WITH_SERVICE.exec(text) ?? [];
  const service = SERVICES.find((each) => each === name);
  return service === undefined ? [] : [[service, findDataSource({ dataSource })]];
}

/** The service whose file it is, by the name of its process. */
function serviceOf(path: string): Service {
  const { Name } = loadConfig(path, namedConfig);
  const service = SERVICES.find((each) => Name === `${each}.rpc`);
  if (service !== undefined) return service;
  throw new InvalidArgumentError(
    `${path} is named ${Name || "nothing"}: of several files each must be that of product.rpc, order.rpc or pay.rpc.`,
  );
}

function ofEach(named: Partial<Record<Service, string>>): Sources {
  const { product, order, pay } = named;
  if (product !== undefined && order !== undefined && pay !== undefined) return { product, order, pay };
  const lacking = SERVICES.filter((service) => named[service] === undefined);
  throw new InvalidArgumentError(`The database of ${lacking.join(" and ")} is not named.`);
}

function missing(service: Service): never {
  throw new AppError("INTERNAL", "DATABASE_MISSING", `the database of ${service} was not opened`);
}
