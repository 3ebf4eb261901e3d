import { Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import { Breakers, runBehind, type Verdict } from "@mall/kit/resilience";
import { type MethodDefinition, methodsOf, type ServiceDefinition } from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import { type GoMethods, GoStatus } from "./go-server.ts";

/** go-zero's, milliseconds. */
const TIMEOUT_MS = 2000;

/** As our clients' channels, so that a swapped process is found again at once. */
const CHANNEL_OPTIONS = { "grpc.initial_reconnect_backoff_ms": 100, "grpc.max_reconnect_backoff_ms": 200 };

/** What go-zero 1.3.2 counts against a peer. */
const FAILURES: ReadonlySet<number> = new Set([
  status.DEADLINE_EXCEEDED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

const BREAKERS = new Breakers({ runtime: systemRuntime, onRefusal: () => {} });

/** The methods of a service, called as a process made with go-zero calls them. */
export type GoCalls<Client> = Required<GoMethods<Client>>;

/** Calls one service at one address. */
export interface GoClient<Client> {
  readonly calls: GoCalls<Client>;
  close(): void;
}

/**
 * A client as one of go-zero's: nothing but messages goes out, what fails is a GoStatus with the code and the text that
 * came, and what a method's breaker refuses is no GoStatus.
 */
export function connectGoClient<Service>(
  definition: ServiceDefinition<Service>,
  address: string,
): GoClient<Service> {
  const client = new Client(address, credentials.createInsecure(), CHANNEL_OPTIONS);
  const calls = methodsOf(definition).map(([property, method]) => {
    const path = `/${definition.names[0]}/${method.name}`;
    const breaker = BREAKERS.create("rpc_client", path);
    return [
      property,
      (request: object) => runBehind(breaker, judge, () => send(client, path, method, request)),
    ] as const;
  });
  return { calls: Object.fromEntries(calls) as GoCalls<Service>, close: () => client.close() };
}

function judge(error: unknown): Verdict {
  return error instanceof GoStatus && FAILURES.has(error.code) ? "failed" : "answered";
}

function send(
  client: Client,
  path: string,
  { request: type, response }: MethodDefinition,
  request: object,
): Promise<unknown> {
  // Fields that Go's contract does not have are not sent, as those that are zero.
  const whole: unknown = { ...Object(type.decode(Buffer.alloc(0))), ...request };
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      (message: unknown) => type.encode(message),
      (bytes: Buffer) => response.decode(bytes),
      whole,
      { deadline: Date.now() + TIMEOUT_MS },
      (error, answer) => (error === null ? resolve(answer) : reject(statusOf(error))),
    );
  });
}

function statusOf({ code, details }: ServiceError): GoStatus {
  return new GoStatus(code, code === status.DEADLINE_EXCEEDED ? "context deadline exceeded" : details);
}
