import type { Runtime } from "@mall/kit/runtime";
import type { AllInOneConfig } from "../all-in-one/config.ts";
import { databasePathIn } from "../all-in-one/data-dir.ts";
import { exposuresOf } from "../all-in-one/exposures.ts";
import { MIGRATIONS } from "../migrations.ts";
import type { ServiceName } from "../operator/probe.ts";
import { checkDataDir } from "./check-data-dir.ts";
import { checkDatabase } from "./check-database.ts";
import { checkDtm } from "./check-neighbours.ts";
import { checkPort, type PartPort } from "./check-port.ts";
import { checkCache } from "./check-redis.ts";
import { checkRowCache } from "./check-row-cache.ts";
import { type Finding, warn } from "./finding.ts";

/** Looks at what the whole mall in one process needs: its ports, data folder, database and DTM server. */
export async function checkAllInOne(config: AllInOneConfig, runtime: Runtime): Promise<Finding[]> {
  const dataSource = config.Mysql.DataSource || `sqlite:${databasePathIn(config.DataDir)}`;
  const ports = await Promise.all(portsOf(config).map((part) => checkPort(part, runtime)));
  const database = { dataSource, sets: MIGRATIONS, migratesItself: true, runtime };
  return [
    ...ports,
    ...exposuresOf(config).map(({ text, fix }) => warn(text, fix)),
    ...checkDataDir(config.DataDir),
    ...(await checkCache(config.CacheRedis, runtime)),
    ...(await checkRowCache(config, ["user", "product", "order", "pay"], runtime)),
    ...(await checkDtm(config.Dtm, runtime)),
    ...(await checkDatabase(database)),
  ];
}

function portsOf({ Host: host, RpcHost, Port, User, Product, Order, Pay }: AllInOneConfig): PartPort[] {
  const partsOf = (service: ServiceName, { Api, Rpc }: AllInOneConfig["User"]): PartPort[] => [
    { name: `${service}.api`, kind: "api", service, host, port: Api },
    { name: `${service}.rpc`, kind: "rpc", service, host: RpcHost, port: Rpc },
  ];
  return [
    ...partsOf("user", User),
    ...partsOf("product", Product),
    ...partsOf("order", Order),
    ...partsOf("pay", Pay),
    { name: "gateway", kind: "api", service: "pay", host, port: Port },
  ];
}
