import { AppError } from "@mall/kit/errors";
import { formatAddress } from "@mall/kit/rpc";
import { SERVICES, type ServiceName, servesApi } from "../operator/probe.ts";

/** Base URL of each service's api; the same four times behind a gateway. */
export type ApiUrls = Readonly<Record<ServiceName, string>>;

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
  /** True for four apis on their ports. */
  readonly split?: boolean;
  /** Host of the default gateway and of the split ports. */
  readonly host: string;
}

const GATEWAY_PORT = 8888;
const SPLIT_PORTS: Readonly<Record<ServiceName, number>> = {
  user: 8000,
  product: 8001,
  order: 8002,
  pay: 8003,
};

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
  return { user: url, product: url, order: url, pay: url };
}

async function gatewayAt(url: string): Promise<FoundMall | undefined> {
  const urls = gatewayUrls(url);
  return (await silentOf(urls)).length === 0 ? { urls, text: `the mall at ${url}` } : undefined;
}

function splitUrlsOn(host: string): ApiUrls {
  const urlOf = (service: ServiceName): string =>
    `http://${formatAddress({ host, port: SPLIT_PORTS[service] })}`;
  return { user: urlOf("user"), product: urlOf("product"), order: urlOf("order"), pay: urlOf("pay") };
}

function splitMall(urls: ApiUrls): FoundMall {
  return { urls, text: `the split mall at ${Object.values(urls).join(", ")}` };
}

/** The URLs that do not serve their service's api. */
async function silentOf(urls: ApiUrls): Promise<string[]> {
  const answers = await Promise.all(SERVICES.map((service) => servesApi(urls[service], service)));
  return SERVICES.filter((_service, index) => answers[index] === false).map((service) => urls[service]);
}

function refuse(urls: readonly string[]): never {
  throw new AppError(
    "FAILED_PRECONDITION",
    "NO_MALL",
    `no mall answers at ${urls.join(", ")}: start one with mall up (or mall serve), or check the address`,
  );
}
