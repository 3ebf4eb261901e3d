import type { BranchInfo, Call } from "@mall/kit/context";
import type { Methods } from "@mall/kit/rpc";
import { callBranch } from "./call-branch.ts";

/** A method of a service as a coordinator may call it: any number of times, of which its barrier lets one count. */
export interface Branch<Request> {
  /** @throws AppError ABORTED if it refuses; after anything else nobody knows whether it was done. */
  call(parent: Call, info: BranchInfo, request: Request): Promise<void>;
}

/** The request of a method. */
type RequestOf<Client, Name extends keyof Client> = Client[Name] extends (
  call: Call,
  request: infer Request,
) => Promise<unknown>
  ? Request
  : never;

/** The names of a client's methods. */
type MethodOf<Client> = keyof Methods<Client> & string;

/** The method `name` of a service as a branch. */
export function branchOf<Client, Name extends MethodOf<Client>>(
  client: Client,
  name: Name,
): Branch<RequestOf<Client, Name>> {
  return {
    call: async (parent, info, request) => {
      const method = client[name] as (call: Call, request: RequestOf<Client, Name>) => Promise<unknown>;
      await callBranch(parent, info, (call) => method.call(client, call, request));
    },
  };
}
