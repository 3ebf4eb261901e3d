import type { BranchInfo, Call } from "@mall/kit/call";
import { type MethodDefinition, methodsOf, type ServiceDefinition } from "@mall/kit/rpc";
import type { RowTransaction } from "@mall/kit/store";
import { callBranch } from "./call-branch.ts";
import { dtmAddress, type ServiceAddress } from "./dtm/dtm-address.ts";

/** A method of a service as a coordinator may call it: any number of times, of which its barrier lets one count. */
export interface Branch<Request> {
  /** @throws AppError ABORTED if it refuses; after anything else nobody knows whether it was done. */
  call(parent: Call, info: BranchInfo, request: Request): Promise<void>;
  /**
   * Does it in a transaction of the coordinator's own, where its service stands on the same database in this process.
   *
   * @throws AppError if it refuses; after anything else it is not known whether it can be done.
   */
  readonly within?: ((tx: RowTransaction, request: Request) => Promise<void>) | undefined;
  /** What DTM gets to know of it; undefined where only this process may call it. */
  readonly target?: BranchTarget<Request> | undefined;
}

/** A method as DTM calls it. */
export interface BranchTarget<Request> {
  /** E.g. `127.0.0.1:9001/product.Product/DecrStock`. */
  readonly url: string;
  encode(request: Request): Uint8Array;
  /** Why nobody there can be asked for it, in one line; undefined where somebody can, or where nobody knows. */
  lacking(): Promise<string | undefined>;
}

/** The request of a method. */
export type RequestOf<Client, Name extends keyof Client> = Client[Name] extends (
  call: Call,
  request: infer Request,
) => Promise<unknown>
  ? Request
  : never;

/** A service as DTM calls it. */
export interface BranchPlace<Client> extends ServiceAddress {
  readonly service: ServiceDefinition<Client>;
  /** The methods that are not there, by their names; never rejects. All are there without it. */
  readonly missing?: () => Promise<readonly string[]>;
}

/**
 * The method `name` of a service as a branch; `place` is for DTM, where one is configured.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE where DTM could not reach the place.
 */
export function branchOf<Client, Name extends keyof Client & string>(
  client: Client,
  name: Name,
  place?: BranchPlace<Client>,
): Branch<RequestOf<Client, Name>> {
  return {
    call: async (parent, info, request) => {
      const run = client[name] as (call: Call, request: RequestOf<Client, Name>) => Promise<unknown>;
      await callBranch(parent, info, (call) => run.call(client, call, request));
    },
    target: place && branchTarget(name, place),
  };
}

/**
 * A method of a service for DTM alone.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE where DTM could not reach it.
 */
export function branchTarget<Client, Name extends keyof Client & string>(
  name: Name,
  place: BranchPlace<Client>,
): BranchTarget<RequestOf<Client, Name>> {
  const { service } = place;
  const method = new Map<string, MethodDefinition>(methodsOf(service)).get(name);
  if (method === undefined) throw new TypeError(`${service.names[0]} has no method ${name}`);
  return {
    url: `${dtmAddress(place)}/${service.names[0]}/${method.name}`,
    encode: (request) => {
      method.request.check(request);
      return method.request.encode(request);
    },
    lacking: async () => {
      const missing = (await place.missing?.()) ?? [];
      if (!missing.includes(method.name)) return undefined;
      return `${service.names[0]} has no method ${method.name}: an older or another program serves it`;
    },
  };
}
