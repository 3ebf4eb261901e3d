import { AppError } from "@mall/kit/errors";
import { formatAddress } from "@mall/kit/rpc";
import { SERVICES } from "../all-in-one/config.ts";
import { servesApi } from "../operator/probe.ts";

/** Base URL of each service's api, by the service's name; all the same behind a gateway. */
export type ApiUrls = ReadonlyMap<string, string>;

/** A mall that answers. */
export interface FoundMall {
  readonly urls: ApiUrls;
  /** What it is and where, for the reader. */
  readonly text: string;
}

/** Where to look: a gateway, the split ports, or both in this order when neither is named. */
export interface WhereToLook {
  /** A gateway. */
  readonly url?: string;
  /** True for apis on ports of their own. */
  readonly split?: boolean;
  /** Host of the default gateway and of the split ports. */
  readonly host: string;
}

const GATEWAY_PORT = 8888;

/**
 * Finds the mall to talk to; undefined where none was named and none answers.
 *
 * @throws AppError FAILED_PRECONDITION NO_MALL where the one that was named does not answer.
 */
export async function findMall({ url, split, host }: WhereToLook): Promise<FoundMall | undefined> {
  if (url !== undefined) return (await gatewayAt(url)) ?? refuse([url]);
  const splitUrls = splitUrlsOn(host);
  if (split === true) {
    const missing = await silentOf(splitUrls);
    return missing.length === 0 ? splitMall(splitUrls) : refuse(missing);
  }
  const gateway = await gatewayAt(`http://${formatAddress({ host, port: GATEWAY_PORT })}`);
  if (gateway !== undefined) return gateway;
  return (await silentOf(splitUrls)).length === 0 ? splitMall(splitUrls) : undefined;
}

/** The same URL for every api. */
export function gatewayUrls(url: string): ApiUrls {
  return new Map(SERVICES.map(({ name }) => [name, url]));
}

async function gatewayAt(url: string): Promise<FoundMall | undefined> {
  const urls = gatewayUrls(url);
  return (await silentOf(urls)).length === 0 ? { urls, text: `the mall at ${url}` } : undefined;
}

function splitUrlsOn(host: string): ApiUrls {
  return new Map(
    SERVICES.map(({ name, ports }) => [name, `http://${formatAddress({ host, port: ports.api ?? 0 })}`]),
  );
}

function splitMall(urls: ApiUrls): FoundMall {
  return { urls, text: `the split mall at ${[...urls.values()].join(", ")}` };
}

/** The URLs that do not serve their service's api. */
async function silentOf(urls: ApiUrls): Promise<string[]> {
  const answers = SERVICES.map(async ({ name, api }) => {
    const url = urls.get(name) ?? "";
    return api === undefined || (await servesApi(url, api)) ? [] : [url];
  });
  return (await Promise.all(answers)).flat();
}

function refuse(urls: readonly string[]): never {
  throw new AppError(
    "FAILED_PRECONDITION",
    "NO_MALL",
    `no mall answers at ${urls.join(", ")}: start one with mall up (or mall serve), or check the address`,
  );
}
