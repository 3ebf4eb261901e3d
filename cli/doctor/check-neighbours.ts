import { type DtmConfig, type RpcClientConfig, rpcClientConfig } from "@mall/kit/config";
import { findEndpoints } from "@mall/kit/discovery";
import { silentLogger } from "@mall/kit/log";
import type { ServiceDefinition } from "@mall/kit/rpc";
import type { Runtime } from "@mall/kit/runtime";
import { DtmService } from "@mall/kit/saga";
import { z } from "zod";
import { SERVICES } from "../all-in-one/config.ts";
import { missingAt, probeRpc } from "../operator/probe.ts";
import { acceptsConnections } from "./check-port.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

/** Who may be a neighbour. */
const RPCS = SERVICES.flatMap(({ block, rpc }) => (rpc === undefined ? [] : [{ block, rpc }]));

/** The blocks of a configuration that name neighbours. */
export const neighbourConfig = z.object(
  Object.fromEntries(RPCS.map(({ block }) => [`${block}Rpc`, rpcClientConfig.optional()])),
);

/** How long etcd or DNS may take to answer, milliseconds. */
const FIND_MS_MAX = 3_000;

type NeighbourConfig = z.output<typeof neighbourConfig>;

/** Who should answer where a block leads to. */
interface Peer {
  /** As findings call it, e.g. `user.rpc`. */
  readonly name: string;
  readonly service: ServiceDefinition<unknown>;
  /** Another program may serve less than a mall's own would. */
  readonly isOfMall: boolean;
}

/** Is every neighbour that a configuration names there, and is it the service that it should be? */
export async function checkNeighbours(config: NeighbourConfig, runtime: Runtime): Promise<Finding[]> {
  const findings = RPCS.map(({ block, rpc }) => {
    const peer = { name: rpc.name, service: rpc.service, isOfMall: true };
    return checkBlock(`${block}Rpc`, peer, config[`${block}Rpc`], runtime);
  });
  return (await Promise.all(findings)).flat();
}

/** Is the DTM server there that a configuration names, if it names one? */
export function checkDtm(config: DtmConfig | undefined, runtime: Runtime): Promise<Finding[]> {
  const dtm: Peer = { name: "a DTM server", service: DtmService, isOfMall: false };
  return checkBlock("Dtm", dtm, config, runtime);
}

async function checkBlock(
  block: string,
  peer: Peer,
  config: RpcClientConfig | undefined,
  runtime: Runtime,
): Promise<Finding[]> {
  if (config === undefined) return [];
  if (config.Endpoints.length === 0 && config.Target === "" && config.Etcd === undefined) {
    return [
      fail(`${block} names no instance`, "add Etcd, Target or Endpoints, e.g. Endpoints: [127.0.0.1:9000]"),
    ];
  }
  const endpoints =
    config.Endpoints.length > 0 ? config.Endpoints : await instancesOf(block, config, runtime);
  if (endpoints === undefined) {
    return [
      fail(
        `${block}: whoever knows its instances does not answer`,
        "start etcd or DNS, or correct the block",
      ),
    ];
  }
  if (endpoints.length === 0) return [fail(`${block}: no instance is registered`, `start ${peer.name}`)];
  return Promise.all(endpoints.map((endpoint) => checkEndpoint({ block, peer, endpoint }, runtime)));
}

/**
 * The instances that a block without Endpoints leads to now; undefined where that is not known within FIND_MS_MAX.
 *
 * @throws AppError where the block gives no usable way to them.
 */
async function instancesOf(
  block: string,
  config: RpcClientConfig,
  runtime: Runtime,
): Promise<readonly string[] | undefined> {
  const source = findEndpoints({ config, origin: block, runtime, log: silentLogger });
  const { promise: found, resolve } = Promise.withResolvers<void>();
  const timer = runtime.setTimer(resolve, FIND_MS_MAX);
  source.onChange(resolve);
  if (source.current() === undefined) await found;
  timer.clear();
  await source.close();
  return source.current();
}

async function checkEndpoint(
  { block, peer, endpoint }: { block: string; peer: Peer; endpoint: string },
  runtime: Runtime,
): Promise<Finding> {
  const [, host, port] = /^\[?(.+?)\]?:(\d{1,5})$/.exec(endpoint) ?? [];
  if (host === undefined) return fail(`${block} ${endpoint} is not host:port`, "correct it in Endpoints");
  if (!(await acceptsConnections(host, Number(port)))) {
    return fail(`${block} ${endpoint}: nothing answers`, `start ${peer.name} there, or correct Endpoints`);
  }
  const answer = await probeRpc(peer.service, endpoint, runtime);
  if (answer === "serves") {
    const lack = peer.isOfMall
      ? await missingAt(peer.service, endpoint, `${block} ${endpoint}`, runtime)
      : undefined;
    return lack === undefined
      ? ok(`${block} ${endpoint}: ${peer.name} answers`)
      : warn(lack, `start mall's ${peer.name} there`);
  }
  const who =
    answer === "silent" ? "something answers, but not gRPC" : `another service than ${peer.name} answers`;
  return fail(`${block} ${endpoint}: ${who}`, "correct Endpoints");
}
