import type { Runtime } from "@mall/kit/runtime";
import { channelsIn } from "../all-in-one/channels.ts";
import { type AllInOneConfig, blockIn, SERVICES } from "../all-in-one/config.ts";
import { databasePathIn } from "../all-in-one/data-dir.ts";
import { exposuresOf } from "../all-in-one/exposures.ts";
import { currencyOf } from "../all-in-one/own-shop.ts";
import { hasOwnSimulator } from "../all-in-one/own-simulator.ts";
import { MIGRATIONS } from "../migrations.ts";
import { servesSimulator } from "../operator/probe.ts";
import { checkChannels } from "./check-channels.ts";
import { checkDataDir } from "./check-data-dir.ts";
import { checkDatabase } from "./check-database.ts";
import { checkDtm } from "./check-neighbours.ts";
import { checkPort, type PartPort, servesMethods, servesRoutes } from "./check-port.ts";
import { checkCache } from "./check-redis.ts";
import { checkRowCache } from "./check-row-cache.ts";
import { type Finding, warn } from "./finding.ts";

/** Looks at what the whole mall in one process needs: its ports, data folder, database and DTM server. */
export async function checkAllInOne(config: AllInOneConfig, runtime: Runtime): Promise<Finding[]> {
  const dataSource = config.Mysql.DataSource || `sqlite:${databasePathIn(config.DataDir)}`;
  const ports = await Promise.all(portsOf(config, runtime).map(checkPort));
  const database = {
    dataSource,
    sets: MIGRATIONS,
    migratesItself: true,
    runtime,
    channels: channelsIn(config),
  };
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
    ...(await checkChannels(channelsIn(config), currencyOf(config), runtime)),
    ...(await checkDatabase(database)),
  ];
}

function portsOf(config: AllInOneConfig, runtime: Runtime): PartPort[] {
  const { Host: host, RpcHost, Port } = config;
  const parts = SERVICES.flatMap((service): PartPort[] => {
    const { api, rpc } = service;
    const { Api = 0, Rpc = 0 } = blockIn(config, service.block);
    return [
      ...(api ? [{ name: api.name, host, port: Api, servedAt: servesRoutes(api) }] : []),
      ...(rpc ? [{ name: rpc.name, host: RpcHost, port: Rpc, servedAt: servesMethods(rpc, runtime) }] : []),
    ];
  });
  const gateway = SERVICES.flatMap(({ api }): PartPort[] =>
    api ? [{ name: "gateway", host, port: Port, servedAt: servesRoutes(api) }] : [],
  );
  const simulator = { name: "simulator", host, port: config.Simulator.Port, servedAt: servesSimulator };
  return [...parts, ...gateway.slice(0, 1), ...(hasOwnSimulator(config) ? [simulator] : [])];
}
