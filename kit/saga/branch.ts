import { type BranchInfo, type Call, runWithAttachments } from "@mall/kit/call";
import type { AppError } from "@mall/kit/errors";
import { METHOD_MISSING } from "@mall/kit/resilience";
import { type MethodDefinition, methodsOf, type ServiceDefinition } from "@mall/kit/rpc";
import type { RowTransaction } from "@mall/kit/store";
import { dtmAddress, type ServiceAddress } from "./dtm/dtm-address.ts";

/** A method that a coordinator may call any number of times; its barrier lets one call take effect. */
export interface Branch<Request> {
  /** @throws AppError ABORTED if it refuses; after any other error it is unknown whether it took effect. */
  call(parent: Call, info: BranchInfo, request: Request): Promise<void>;
  /**
   * Does the same in a transaction of the coordinator's; undefined unless the service runs in this process on the same
   * database.
   *
   * @throws AppError if it refuses; after any other error it is unknown whether it is possible.
   */
  readonly within?: ((tx: RowTransaction, request: Request) => Promise<void>) | undefined;
  /** How a DTM server calls it; undefined if only this process does. */
  readonly target?: BranchTarget<Request> | undefined;
}

/** A method as a DTM server calls it. */
export interface BranchTarget<Request> {
  /** E.g. `127.0.0.1:9001/product.Product/DecrStock`. */
  readonly url: string;
  encode(request: Request): Uint8Array;
  /** Why the method is not available there, in one line; undefined if it is, or if that is unknown. */
  lacking(): Promise<string | undefined>;
}

/** The request type of a method. */
export type RequestOf<Client, Name extends keyof Client> = Client[Name] extends (
  call: Call,
  request: infer Request,
) => Promise<unknown>
  ? Request
  : never;

/** A service as a DTM server calls it. */
export interface BranchPlace<Client> extends ServiceAddress {
  readonly service: ServiceDefinition<Client>;
  /** The names of methods that the service lacks; never rejects. Without it, all are taken to exist. */
  readonly missing?: () => Promise<readonly string[]>;
}

/**
 * The method `name` of a service as a branch. `place` tells where a DTM server reaches it, if one is configured.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE if DTM could not reach it.
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
 * A method that only a DTM server calls.
 *
 * @throws AppError FAILED_PRECONDITION CONFIG_UNUSABLE if DTM could not reach it.
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

/**
 * Runs `work` with a call whose rpcs are branches of a transaction: servers learn which branch they are, and answer
 * ABORTED if they refuse.
 */
export function callBranch<T>(
  parent: Call,
  branch: BranchInfo,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  return runWithAttachments(parent, { branch }, work);
}

/**
 * Whether an error of a branch is a final refusal. Business errors of go-zero-mall, which have numbers of their own, are
 * read as FAILED_PRECONDITION. A method that the peer lacks will never be done, however often it is called.
 */
export function isRefusal({ code, reason }: AppError): boolean {
  return code === "ABORTED" || code === "FAILED_PRECONDITION" || reason === METHOD_MISSING;
}
