import type { Logger } from "@mall/kit/log";
import { noopObserver, type Observer } from "@mall/kit/observe";
import type { Breakers, Shedder } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import { guardMethod } from "./guard-method.ts";
import { serveMethod } from "./serve-method.ts";
import { type MethodDefinition, methodsOf, type ServiceDefinition } from "./service.ts";
import { serveStream } from "./streams/serve-stream.ts";
import { type WireStream, wireStream } from "./streams/wire-stream.ts";
import { type WireMethod, wireMethod } from "./wire-method.ts";

/** An implementation that is to be served, and what stands before it. */
export interface WireServiceOptions<Client> {
  readonly definition: ServiceDefinition<Client>;
  /** The one of its names under which it is served. */
  readonly service: string;
  readonly implementation: Client;
  readonly runtime: Runtime;
  readonly log: Logger;
  /** The longest a call may take, in milliseconds; 0 for no limit but the caller's. */
  readonly timeoutMs: number;
  /** The same for single methods, by their full names, e.g. `/pay.Pay/Create`. */
  readonly methodTimeoutsMs?: ReadonlyMap<string, number>;
  /** Nobody by default. */
  readonly observer?: Observer;
  /** Puts a breaker in front of every method; none by default. */
  readonly breakers?: Breakers | undefined;
  /** Refuses calls while the process is overloaded; none by default. */
  readonly shedder?: Shedder | undefined;
}

/** A method of a service, ready for calls as they arrive. */
export interface WiredMethod {
  /** Name in TypeScript. */
  readonly property: string;
  /** `/pay.Pay/Create` */
  readonly path: string;
  readonly wired: WireMethod;
}

/**
 * The unary methods of a service as the wire sees them, with everything that stands before the logic.
 *
 * @throws TypeError if the implementation lacks a method.
 */
export function wireService<Client>(options: WireServiceOptions<Client>): WiredMethod[] {
  const { definition, runtime, observer = noopObserver, breakers, shedder } = options;
  return namedMethods(options, false).map(({ property, method, path }) => {
    const timeoutMs = options.methodTimeoutsMs?.get(path) ?? options.timeoutMs;
    const firstName = definition.names[0];
    const serve = serveMethod({ ...options, firstName, timeoutMs, property, method });
    const guarded = guardMethod(serve, { breaker: breakers?.create("rpc_server", path), shedder });
    return { property, path, wired: wireMethod(path, method, guarded, { runtime, observer }) };
  });
}

/** A stream of a service, as {@link WiredMethod} has a unary method. */
export interface WiredStream {
  readonly property: string;
  readonly path: string;
  readonly wired: WireStream;
}

/**
 * The streams of a service as the wire sees them. They end with their callers' calls: `timeoutMs` is for answers, as in
 * go-zero, and only a timeout that names a stream is one for it.
 *
 * @throws TypeError if the implementation lacks a method.
 */
export function wireStreams<Client>(options: WireServiceOptions<Client>): WiredStream[] {
  const { definition, runtime, observer = noopObserver, breakers } = options;
  return namedMethods(options, true).map(({ property, method, path }) => {
    const timeoutMs = options.methodTimeoutsMs?.get(path) ?? 0;
    const serve = serveStream({ ...options, firstName: definition.names[0], timeoutMs, property, method });
    const breaker = breakers?.create("rpc_server", path);
    return { property, path, wired: wireStream(path, method, serve, { runtime, observer, breaker }) };
  });
}

interface NamedMethod {
  readonly property: string;
  readonly method: MethodDefinition;
  readonly path: string;
}

function namedMethods<Client>(
  { definition, service }: WireServiceOptions<Client>,
  isStream: boolean,
): NamedMethod[] {
  return methodsOf(definition)
    .filter(([, method]) => (method.stream !== undefined) === isStream)
    .map(([property, method]) => ({ property, method, path: `/${service}/${method.name}` }));
}
