import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { freePorts } from "@mall/kit/testing";
import { parse, stringify } from "yaml";
import type { ApiUrls } from "./people.ts";
import { PROCESS_NAMES, SERVICE_NAMES } from "./process-names.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** One process of a split mall. */
export interface Place {
  /** `pay.rpc`; `pay.rpc.2` in the second replica. */
  readonly name: string;
  readonly service: string;
  readonly layer: "api" | "rpc";
  /** From 1. */
  readonly replica: number;
  readonly port: number;
}

/** Where a process finds what it keeps its data in. */
export interface Servers {
  /** A DSN. */
  readonly dataSource: string;
  /** `host:port` of the Redis that rows are cached in; they are not without it. */
  readonly cacheRedis?: string | undefined;
}

export interface ConfigOptions {
  readonly folder: string;
  readonly places: readonly Place[];
  readonly servers: (replica: number) => Servers;
  /** `host:port` of the etcd where the processes find each other; without it they know their ports. */
  readonly etcd: string | undefined;
  /** Further blocks of a process's file. */
  readonly blocks: ((name: string, urls: ApiUrls) => object) | undefined;
}

/** The processes of some replicas of every service, each on a free port. */
export async function choosePlaces(replicas: number): Promise<Place[]> {
  const ports = (await freePorts(replicas * PROCESS_NAMES.length)).values();
  const places: Place[] = [];
  for (let replica = 1; replica <= replicas; replica += 1) {
    for (const service of SERVICE_NAMES) {
      for (const layer of ["rpc", "api"] as const) {
        if (!PROCESS_NAMES.includes(`${service}.${layer}`)) continue;
        const name = `${service}.${layer}${replica === 1 ? "" : `.${replica}`}`;
        places.push({ name, service, layer, replica, port: ports.next().value ?? 0 });
      }
    }
  }
  return places;
}

/** The base URLs of a replica's apis. */
export function urlsOf(places: readonly Place[], replica: number): ApiUrls {
  const url = (service: string): string => `http://${addressOf(places, { service, layer: "api", replica })}`;
  return { user: url("user"), product: url("product"), order: url("order"), pay: url("pay") };
}

/** `host:port` of a process. */
export function addressOf(
  places: readonly Place[],
  wanted: Pick<Place, "service" | "layer" | "replica">,
): string {
  const found = places.find(
    ({ service, layer, replica }) =>
      service === wanted.service && layer === wanted.layer && replica === wanted.replica,
  );
  if (found === undefined) throw new Error(`there is no ${wanted.service}.${wanted.layer}`);
  return `127.0.0.1:${found.port}`;
}

/** Writes the seed's file of a process, adapted to its place, and returns its path. */
export function writeConfig(place: Place, options: ConfigOptions): string {
  const { service, layer, replica, port } = place;
  const { places, etcd, blocks } = options;
  const { dataSource, cacheRedis } = options.servers(replica);
  const seed: object = parse(
    readFileSync(join(ROOT, `services/${service}/${layer}/etc/${service}.yaml`), "utf8"),
  );
  const own =
    layer === "api"
      ? { Host: "127.0.0.1", Port: port }
      : { ListenOn: `127.0.0.1:${port}`, Etcd: etcdBlock(service, etcd) };
  const path = join(options.folder, `${service}.${layer}.${port}.yaml`);
  // What is undefined is left out: the seed's hosts are not there.
  const config = {
    ...seed,
    ...own,
    ...neighboursOf(places, etcd),
    CacheRedis: cacheRedis === undefined ? undefined : [{ Host: cacheRedis, Type: "node", Pass: "" }],
    Mysql: { DataSource: dataSource },
    ...unlimited(`${service}.${layer}`),
    // No balancer is in front that must be given time.
    Shutdown: { WrapUpTime: "10ms" },
    ...blocks?.(`${service}.${layer}`, urlsOf(places, replica)),
  };
  writeFileSync(path, stringify(config));
  return path;
}

function neighboursOf(places: readonly Place[], etcd: string | undefined): object {
  const blockOf = (service: string): object => {
    if (etcd !== undefined) return { Etcd: etcdBlock(service, etcd) };
    const all = places.filter((place) => place.service === service && place.layer === "rpc");
    return { Endpoints: all.map(({ port }) => `127.0.0.1:${port}`) };
  };
  const rpcs = SERVICE_NAMES.filter((service) => PROCESS_NAMES.includes(`${service}.rpc`));
  return Object.fromEntries(rpcs.map((service) => [neighbourKey(service), blockOf(service)]));
}

function etcdBlock(service: string, etcd: string | undefined): object | undefined {
  return etcd === undefined ? undefined : { Hosts: [etcd], Key: `${service}.rpc` };
}

function neighbourKey(service: string): string {
  return `${service.charAt(0).toUpperCase()}${service.slice(1)}Rpc`;
}

/** A test's users share one address, which would have its share of registrations in a second, and one buys for all. */
function unlimited(process: string): object {
  if (process === "user.api") return { RateLimit: { LoginPerMinute: 0, RegisterPerMinute: 0 } };
  return process === "order.rpc" ? { OpenOrdersMax: 0 } : {};
}
