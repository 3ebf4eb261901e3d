import { existsSync, readdirSync } from "node:fs";
import { AppError } from "@mall/kit/errors";
import type { AnyApiProcess, AnyRpcProcess, Service } from "@mall/kit/process";

const FOLDER = new URL("../services/", import.meta.url);

/** A service with the processes that it has. */
export interface LoadedService extends Omit<Service, "rpc" | "api"> {
  /** The block of an all-in-one's file that is its own, e.g. `Pay`. */
  readonly block: string;
  readonly rpc?: AnyRpcProcess;
  readonly api?: AnyApiProcess;
}

/**
 * The services of this mall, each after those that its rpc calls: every package `@mall/<name>` in `services/<name>`
 * whose `service.ts` says what it has. Reads no more of them.
 *
 * @throws AppError FAILED_PRECONDITION SERVICE_UNUSABLE naming the service.
 */
export async function findServices(): Promise<readonly Service[]> {
  const names = readdirSync(FOLDER).filter((name) => existsSync(new URL(`${name}/service.ts`, FOLDER)));
  const found = new Map<string, Service>();
  for (const name of names.sort()) found.set(name, await readService(name));
  return inOrder(found);
}

/** As {@link findServices}, with all of their modules. */
export async function loadServices(): Promise<readonly LoadedService[]> {
  const found = await findServices();
  return Promise.all(
    found.map(async ({ rpc, api, ...service }) => ({
      ...service,
      block: blockName(service.name),
      ...(rpc && { rpc: await rpc() }),
      ...(api && { api: await api() }),
    })),
  );
}

/** What the keys of a service begin with: `Pay` of `pay`. */
export function blockName(service: string): string {
  return `${service.charAt(0).toUpperCase()}${service.slice(1)}`;
}

async function readService(name: string): Promise<Service> {
  let module: { readonly service?: Service };
  try {
    module = await import(`@mall/${name}/service`);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    throw unusable(
      `cannot be loaded as @mall/${name}/service: export ./service in its package.json, then npm install`,
      name,
      error,
    );
  }
  const { service } = module;
  if (service?.name !== name)
    throw unusable(`service.ts must export a \`service\` whose name is ${name}`, name);
  if (service.rpc === undefined && service.api === undefined)
    throw unusable("service.ts names neither an rpc nor an api", name);
  return service;
}

/** Neighbours first, else by name. */
function inOrder(found: ReadonlyMap<string, Service>): readonly Service[] {
  const ordered = new Set<Service>();
  const add = (service: Service, callers: readonly string[]): void => {
    const { name } = service;
    if (callers.includes(name))
      throw unusable(`its \`calls\` lead back to it: ${[...callers, name].join(", ")}`, name);
    for (const called of service.calls) {
      const neighbour = found.get(called);
      if (neighbour === undefined) throw unusable(`its \`calls\` names ${called}, which there is not`, name);
      add(neighbour, [...callers, name]);
    }
    ordered.add(service);
  };
  for (const service of found.values()) add(service, []);
  return [...ordered];
}

function unusable(what: string, name: string, cause?: unknown): AppError {
  return new AppError("FAILED_PRECONDITION", "SERVICE_UNUSABLE", `services/${name}: ${what}`, { cause });
}
