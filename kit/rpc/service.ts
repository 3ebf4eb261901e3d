import type { Call } from "@mall/kit/call";
import type { MessageType } from "./message.ts";

/** Which side of a method sends any number of messages. */
export type StreamKind = "client" | "server" | "both";

/** One method of a gRPC service. */
export interface MethodDefinition<Request = unknown, Response = unknown> {
  /** Name in the proto, e.g. `Create`. */
  readonly name: string;
  readonly request: MessageType<Request>;
  readonly response: MessageType<Response>;
  /** True for `option idempotency_level`: the call may be sent again when a peer was lost. */
  readonly idempotent?: boolean;
  /** Unary without it. */
  readonly stream?: StreamKind;
}

/** The shape every generated client interface has: methods in lower camel case. */
export type Methods<Client> = {
  readonly [Key in keyof Client]: Client[Key] extends (call: Call, request: infer Request) => infer Answer
    ? MethodOf<Request, Answer>
    : never;
};

type MethodOf<Request, Answer> =
  Request extends AsyncIterable<infer Each>
    ? Answer extends Promise<infer One>
      ? Streaming<"client", Each, One>
      : Answer extends AsyncIterable<infer Many>
        ? Streaming<"both", Each, Many>
        : never
    : Answer extends Promise<infer One>
      ? MethodDefinition<Request, One> & { readonly stream?: never }
      : Answer extends AsyncIterable<infer Many>
        ? Streaming<"server", Request, Many>
        : never;

type Streaming<Kind, Request, Answer> = MethodDefinition<Request, Answer> & { readonly stream: Kind };

/**
 * A gRPC service as its proto defines it. `names` are the full names under which it is served; a
 * client calls the first. Both `pay.Pay` (the repository's proto) and `payclient.Pay` (the seed
 * text's) exist in running systems.
 */
export interface ServiceDefinition<Client> {
  readonly names: readonly [string, ...string[]];
  readonly methods: Methods<Client>;
}

/** One unary method of a client or an implementation, with its message types forgotten. */
export type UnaryMethod = (call: Call, request: unknown) => Promise<unknown>;

/** A method of a client of any kind. */
export type AnyMethod = (call: Call, request: never) => unknown;

/** The methods of a service with their names in TypeScript, for code that treats all of them alike. */
export function methodsOf<Client>(definition: ServiceDefinition<Client>): [string, MethodDefinition][] {
  return Object.entries(definition.methods as Record<string, MethodDefinition>);
}

/** A client whose methods are all made by `bind`. */
export function buildClient<Client>(
  definition: ServiceDefinition<Client>,
  bind: (property: string, method: MethodDefinition) => AnyMethod,
): Client {
  const methods = methodsOf(definition).map(([property, method]) => [property, bind(property, method)]);
  return Object.fromEntries(methods) as Client;
}
