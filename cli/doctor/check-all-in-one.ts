import type { Runtime } from "@mall/kit/runtime";
import { channelsIn } from "../all-in-one/channels.ts";
import { type AllInOneConfig, blockIn, SERVICES } from "../all-in-one/config.ts";
import { databasePathIn } from "../all-in-one/data-dir.ts";
import { exposuresOf } from "../all-in-one/exposures.ts";
import { MIGRATIONS } from "../migrations.ts";
import { checkChannels } from "./check-channels.ts";
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
    ...(await checkRowCache(
      config,
      SERVICES.map(({ name }) => name),
      runtime,
    )),
    ...(await checkDtm(config.Dtm, runtime)),
    ...(await checkChannels(channelsIn(config), runtime)),
    ...(await checkDatabase(database)),
  ];
}

function portsOf(config: AllInOneConfig): PartPort[] {
  const { Host: host, RpcHost, Port } = config;
  const parts = SERVICES.flatMap((service): PartPort[] => {
    const { Api, Rpc } = blockIn(config, service.block);
    return [
      { name: service.api.name, kind: "api", service, host, port: Api },
      { name: service.rpc.name, kind: "rpc", service, host: RpcHost, port: Rpc },
    ];
  });
  const gateway = SERVICES.map(
    (service): PartPort => ({ name: "gateway", kind: "api", service, host, port: Port }),
  );
  return [...parts, ...gateway.slice(0, 1)];
}
