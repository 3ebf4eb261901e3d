import type { ConfigNote } from "@mall/kit/config";
import { createNetworkTransport } from "@mall/kit/http";
import type { Logger } from "@mall/kit/log";
import { type HealthProbe, type Observability, startObservability } from "@mall/kit/observe";
import {
  type Address,
  createBreakers,
  createLocalPlacement,
  createProcessLog,
  createShedder,
  isTried,
  logExposures,
  logNotes,
  type RunningProcess,
  type SignedIn,
  stopInTime,
  wrapUp,
} from "@mall/kit/process";
import type { Breakers, Shedder } from "@mall/kit/resilience";
import { createRestServer, type IsRevoked, type Pages, type RestServerOptions } from "@mall/kit/rest";
import { createRpcServer, formatAddress } from "@mall/kit/rpc";
import type { Runtime } from "@mall/kit/runtime";
import { gatewayOpenApi } from "../gateway/open-api.ts";
import { type BuiltService, buildServices } from "./build.ts";
import { withChannels } from "./channels.ts";
import type { AllInOneConfig } from "./config.ts";
import { databasePathIn, ensureAccessSecret, prepareDataDir } from "./data-dir.ts";
import { lockDataDir } from "./data-lock.ts";
import { exposuresOf, refuseExposed } from "./exposures.ts";
import { createOwnGateway } from "./own-gateway.ts";
import { pagesUrlOf, readPages } from "./own-pages.ts";
import { hasOwnSandbox, type OwnSandbox, openOwnSandbox } from "./own-sandbox.ts";
import { openOwnSessions } from "./own-sessions.ts";
import { hasOwnSimulator, type OwnSimulator, openOwnSimulator } from "./own-simulator.ts";
import { methodTimeoutMs, refuseUnknownPorts, shutdownOf } from "./part-config.ts";

/** go-zero's defaults: RestConf.MaxBytes and MaxConns. */
const BODY_BYTES_MAX = 1048576;
const CONCURRENT_MAX = 10000;

/** What a job that goes on has to end once the last request has been answered, milliseconds. */
const JOBS_GRACE_MS = 400;

/** How long the start waits to learn whose tokens are revoked, and who signed out. */
const REVOKED_MS_MAX = 1000;

/** The part whose port serves everything. */
const GATEWAY = "gateway";

interface Part {
  readonly name: string;
  start(): Promise<string>;
  /** Tells who asks that it is going away, and serves on. */
  leave(): void;
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts the whole mall in this process: one database, four services bound to each other by function
 * calls, their HTTP and gRPC ports as in the seed, and the gateway. `read` is what there is to say about the
 * file that the configuration comes from, if it comes from one.
 *
 * @throws AppError FAILED_PRECONDITION with one line that says what to do: the data folder, the database, a port.
 */
export async function startAllInOne(
  config: AllInOneConfig,
  runtime: Runtime,
  read: { readonly file: string; readonly notes: readonly ConfigNote[] } = { file: "", notes: [] },
): Promise<RunningProcess> {
  refuseExposed(config);
  refuseUnknownPorts(config);
  prepareDataDir(config.DataDir);
  const log = createProcessLog(config);
  logNotes(log, read.file, read.notes);
  logExposures(log, exposuresOf(config));
  const shown = await startObservability({ config, runtime, log, accessLog: config.AccessLog });
  const watched = { runtime, log, observer: shown.observer };
  const breakers = createBreakers(watched);
  const gateway = createOwnGateway();
  const placement = createLocalPlacement({
    ...watched,
    http: gateway.through(createNetworkTransport({ runtime, breakers })),
    breakers,
    jobs: config.Jobs,
    serverTimeoutMs: methodTimeoutMs(config),
    pagesUrl: () => (pages === undefined ? undefined : pagesUrlOf(config.Mode, gateway.address)),
  });
  const started: Part[] = [];
  let pages: Pages | undefined;
  let signedIn: SignedIn | undefined;
  let sandbox: OwnSandbox | undefined;
  let simulator: OwnSimulator | undefined;
  let unlock: (() => void) | undefined;
  const stop = (): Promise<void> =>
    stopInTime(watched, config.Shutdown.WaitTime, async () => {
      for (const part of started) part.leave();
      // Nobody may have come yet to a process that did not start.
      const graceMs = gateway.address === undefined ? 0 : await wrapUp(runtime, shutdownOf(config));
      await Promise.all(started.map((part) => part.stop(graceMs)));
      signedIn?.stop();
      await placement.drainJobs(JOBS_GRACE_MS);
      await sandbox?.close();
      await simulator?.close();
      await placement.close();
      await shown.stop();
      unlock?.();
    });
  try {
    if (keepsRecords(config)) unlock = lockDataDir(config.DataDir);
    const accessSecret = config.Auth.AccessSecret || ensureAccessSecret(config.DataDir, runtime);
    const dataSource = config.Mysql.DataSource || `sqlite:${databasePathIn(config.DataDir)}`;
    const outside = { runtime, log, gateway };
    simulator = await openOwnSimulator(config, outside);
    const { channels } = simulator;
    sandbox = await openOwnSandbox(config, accessSecret, { ...outside, channels });
    const whole = withChannels(config, sandbox.channels, simulator.pagesUrl);
    const database = await placement.database(dataSource);
    shown.health.depend("database", () => database.writeTrouble());
    const services = await buildServices({ config: whole, dataSource, accessSecret, placement });
    const protection = { breakers, shedder: createShedder(config, watched) };
    const { isRevoked } = placement.revocations;
    pages = readPages(config, { ...shown, simulator }, gateway);
    if (pages !== undefined) signedIn = openOwnSessions(config, accessSecret, placement);
    const serve = { config, accessSecret, isRevoked, runtime, log, shown, pages, signedIn, ...protection };
    await Promise.all([placement.revocations, signedIn].map((list) => list?.known(REVOKED_MS_MAX)));
    const parts = await startParts(partsOf(services, sandbox, serve), started);
    gateway.address = parts.find(({ name }) => name === GATEWAY)?.url;
    placement.startJobs();
    await sandbox.start();
    return { addresses: [...parts, ...simulator.addresses, ...shown.addresses], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Whether the data folder holds a database; where it does not, several processes may take their secret from it. */
function keepsRecords(config: AllInOneConfig): boolean {
  return config.Mysql.DataSource === "" || hasOwnSandbox(config) || hasOwnSimulator(config);
}

async function startParts(parts: readonly Part[], started: Part[]): Promise<Address[]> {
  const addresses: Address[] = [];
  for (const part of parts) {
    addresses.push({ name: part.name, url: await part.start() });
    started.push(part);
  }
  return addresses;
}

interface ServeOptions {
  readonly config: AllInOneConfig;
  readonly accessSecret: string;
  readonly isRevoked: IsRevoked;
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly shown: Observability;
  readonly breakers: Breakers;
  /** One for all ports: they share the event loop. */
  readonly shedder: Shedder | undefined;
  readonly pages: Pages | undefined;
  /** Nobody signs in where no pages are served. */
  readonly signedIn: SignedIn | undefined;
}

function partsOf(services: readonly BuiltService[], sandbox: OwnSandbox, options: ServeOptions): Part[] {
  const routes = [...services.flatMap(({ api }) => api?.routes ?? []), ...sandbox.routes];
  const gateway = restPart(GATEWAY, options, {
    port: options.config.Port,
    portKey: "Port",
    routes: [...routes, ...(options.signedIn?.routes(routes) ?? [])],
    sessions: options.signedIn?.sessions,
    pages: options.pages,
    docs: {
      health: () => options.shown.health.report(),
      openApi: gatewayOpenApi([...services.flatMap(({ api }) => api?.openApi ?? []), ...sandbox.openApi]),
    },
  });
  return [
    ...services.flatMap(({ rpc, ...service }) => (rpc ? [rpcPart({ ...service, rpc }, options)] : [])),
    ...services.flatMap(({ name, block, api }) => {
      if (api === undefined) return [];
      const { port, routes: own } = api;
      return [restPart(`${name}.api`, options, { port, portKey: `${block}.Api`, routes: own })];
    }),
    gateway,
  ];
}

function restPart(
  name: string,
  { config, accessSecret, isRevoked, runtime, log, shown, breakers, shedder }: ServeOptions,
  own: Pick<RestServerOptions, "port" | "portKey" | "routes" | "docs" | "pages" | "sessions">,
): Part {
  const server = createRestServer({
    runtime,
    log: log.child({ part: name }),
    observer: shown.observer,
    breakers,
    shedder,
    trustedProxies: config.TrustedProxies,
    corsOrigins: config.Cors.Origins,
    host: config.Host,
    accessSecret,
    isRevoked,
    timeoutMs: config.Timeout,
    bodyBytesMax: BODY_BYTES_MAX,
    concurrentMax: CONCURRENT_MAX,
    ...own,
  });
  const probe = shown.health.probe(`rest-${config.Host}:${own.port}`);
  return probed(probe, {
    name,
    start: () => server.start(),
    leave: () => server.leave(),
    stop: (graceMs) => server.stop(graceMs),
  });
}

function rpcPart(
  { rpc, block, ...service }: BuiltService & Required<Pick<BuiltService, "rpc">>,
  options: ServeOptions,
): Part {
  const { config, runtime, log, shown, breakers, shedder } = options;
  const name = `${service.name}.rpc`;
  const server = createRpcServer({
    runtime,
    log: log.child({ part: name }),
    observer: shown.observer,
    breakers,
    shedder,
    timeoutMs: methodTimeoutMs(config),
    health: true,
    reflection: isTried(config.Mode) ? [rpc.contract] : undefined,
    works: () => shown.health.works(),
    listenKeys: { host: "RpcHost", port: `${block}.Rpc` },
  });
  rpc.serve(server);
  const listenOn = formatAddress({ host: config.RpcHost, port: rpc.port });
  const probe = shown.health.probe(`zrpc-${listenOn}`);
  return probed(probe, {
    name,
    start: () => server.start(listenOn),
    leave: () => server.leave(),
    stop: (graceMs) => server.stop(graceMs),
  });
}

/** A part that its probe knows to be ready between its start and its stop. */
function probed(probe: HealthProbe, part: Part): Part {
  return {
    name: part.name,
    start: async () => {
      const url = await part.start();
      probe.ready = true;
      return url;
    },
    leave: () => {
      probe.ready = false;
      part.leave();
    },
    stop: (graceMs) => part.stop(graceMs),
  };
}
