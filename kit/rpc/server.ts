import {
  type ServiceDefinition as GrpcServiceDefinition,
  Server,
  type ServerUnaryCall,
  type sendUnaryData,
  setLogger,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { AppError, toAppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import type { Observer } from "@mall/kit/observe";
import type { Breakers, Shedder } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import { formatAddress, parseAddress } from "./address.ts";
import { authInterceptor, createRpcGuard, type RpcAuth } from "./auth.ts";
import { addHealth, type Health } from "./health.ts";
import { MESSAGE_BYTES_MAX } from "./message.ts";
import { addMux, type MuxServer } from "./mux/mux-server.ts";
import { rawMethod, rawStream } from "./raw-method.ts";
import { addReflection } from "./reflection.ts";
import type { ServiceDefinition } from "./service.ts";
import { toGrpcStatus } from "./status.ts";
import { streamHandler } from "./streams/grpc-stream.ts";
import { type ServerTls, serverCredentials } from "./tls.ts";
import type { WireMethod } from "./wire-method.ts";
import { wireService, wireStreams } from "./wire-service.ts";

// The library prints its errors as plain text although it also reports them to us, who log them; what
// GRPC_TRACE and GRPC_VERBOSITY ask for it may still print.
setLogger({ error: () => {}, info: console.error, debug: console.error });

export interface RpcServerOptions {
  readonly runtime: Runtime;
  readonly log: Logger;
  /** The longest a call may take, in milliseconds; 0 for no limit but the caller's, which a stream never has. */
  readonly timeoutMs: number;
  /** The same for single methods, by their full names, e.g. `/pay.Pay/Create`. */
  readonly methodTimeoutsMs?: ReadonlyMap<string, number>;
  /** Speaks TLS; plain text without it. */
  readonly tls?: ServerTls;
  /** Asks every caller for the token of an app; without it all are let in. */
  readonly auth?: RpcAuth | undefined;
  /** Nobody by default. */
  readonly observer?: Observer;
  /** Puts a breaker in front of every method; none by default. */
  readonly breakers?: Breakers | undefined;
  /** Refuses calls of the methods while the process is overloaded; none by default. */
  readonly shedder?: Shedder | undefined;
  /** Answers health checks (grpc.health.v1.Health). */
  readonly health?: boolean;
  /** Whether the process can do its work; health checks report it too. Always by default. Never rejects. */
  readonly works?: () => Promise<boolean>;
  /** The `.proto` files that tools may ask for by reflection; without them there is none. */
  readonly reflection?: readonly URL[] | undefined;
  /** The keys of the configuration at hand that say where it listens, for errors; by default `ListenOn` says both. */
  readonly listenKeys?: ListenKeys;
}

interface ListenKeys {
  readonly host: string;
  readonly port: string;
}

const LISTEN_KEYS: ListenKeys = { host: "ListenOn", port: "ListenOn" };

/** A gRPC server over HTTP/2. */
export interface RpcServer {
  /**
   * Serves an implementation under all names of its definition; before `start`.
   *
   * @throws TypeError if the implementation lacks a method.
   */
  add<Client>(definition: ServiceDefinition<Client>, implementation: Client): void;
  /**
   * Listens on `host:port`; `:port` means every IPv4 interface, port 0 any free one. Returns the
   * address it listens on.
   *
   * @throws AppError FAILED_PRECONDITION PORT_TAKEN or CANNOT_LISTEN, or CONFIG_UNUSABLE for a
   * certificate; INVALID_ARGUMENT for a malformed address.
   */
  start(listenOn: string): Promise<string>;
  /** From now on health checks report that this server is going away; it still serves. */
  leave(): void;
  /** Takes no new calls, lets running ones end for at most `graceMs`, then cuts them off. */
  stop(graceMs: number): Promise<void>;
}

/** A gRPC server that is not listening yet. */
export function createRpcServer(options: RpcServerOptions): RpcServer {
  const { runtime, log, auth } = options;
  const guard = auth === undefined ? undefined : createRpcGuard(auth, runtime, log);
  const server = new Server({
    "grpc.max_receive_message_length": MESSAGE_BYTES_MAX,
    interceptors: guard === undefined ? [] : [authInterceptor(guard)],
  });
  const mux = addMux(server, { runtime, log, guard });
  let health: Health | undefined;
  return {
    add: (definition, implementation) => addService({ server, mux }, options, definition, implementation),
    start: async (listenOn) => {
      if (options.health === true) health = addHealth(server, options);
      if (options.reflection !== undefined) addReflection(server, options.reflection);
      const address = await listen(server, listenOn, options);
      health?.serve();
      return address;
    },
    leave: () => health?.leave(),
    stop: (graceMs) => {
      health?.leave();
      mux.leave();
      return stopServer(server, options.runtime, graceMs);
    },
  };
}

function addService<Client>(
  { server, mux }: { readonly server: Server; readonly mux: MuxServer },
  options: RpcServerOptions,
  definition: ServiceDefinition<Client>,
  implementation: Client,
): void {
  for (const service of definition.names) {
    const paths: Record<string, GrpcServiceDefinition[string]> = {};
    const handlers: UntypedServiceImplementation = {};
    const wiring = { ...options, definition, service, implementation };
    for (const { property, path, wired } of wireService(wiring)) {
      paths[property] = rawMethod(path);
      handlers[property] = unaryHandler(wired);
      mux.add(path, wired);
    }
    for (const { property, path, wired } of wireStreams(wiring)) {
      paths[property] = rawStream(path);
      handlers[property] = streamHandler(wired, options.runtime);
    }
    server.addService(paths, handlers);
  }
}

function unaryHandler(method: WireMethod) {
  return (incoming: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>): void => {
    const answered = method({
      request: incoming.request,
      deadline: Number(incoming.getDeadline()),
      peer: incoming.getPeer(),
      header: (name) => incoming.metadata.get(name)[0]?.toString(),
      // The library reports a client that left and a deadline that passed alike.
      onCancelled: (listener) => incoming.on("cancelled", listener),
    });
    answered.then(
      (bytes) => callback(null, bytes),
      (error: unknown) => callback(toGrpcStatus(toAppError(error))),
    );
  };
}

function listen(server: Server, listenOn: string, options: RpcServerOptions): Promise<string> {
  const { tls, listenKeys = LISTEN_KEYS } = options;
  const { host, port } = parseAddress(listenKeys.port, listenOn);
  const bindHost = host === "" ? "0.0.0.0" : host;
  const credentials = serverCredentials(tls);
  return new Promise((resolve, reject) => {
    const target = formatAddress({ host: bindHost, port });
    server.bindAsync(target, credentials, (error, boundPort) => {
      if (error === null) resolve(formatAddress({ host: bindHost, port: boundPort }));
      else reject(listenError(target, listenKeys, error));
    });
  });
}

function listenError(target: string, { host, port }: ListenKeys, cause: Error): AppError {
  if (cause.message.includes("EADDRINUSE")) {
    const text = `${target} is already in use: stop the process that listens there, or change ${port}`;
    return new AppError("FAILED_PRECONDITION", "PORT_TAKEN", text, { field: port, cause });
  }
  const both = host === port ? "" : `${port} `;
  const text = `cannot listen on ${target}: check that ${host} names an address of this machine and ${both}a port it may use`;
  return new AppError("FAILED_PRECONDITION", "CANNOT_LISTEN", text, { field: port, cause });
}

function stopServer(server: Server, runtime: Runtime, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = runtime.setTimer(() => server.forceShutdown(), graceMs);
    server.tryShutdown(() => {
      cutOff.clear();
      // A server that was never started reports an error here; it is stopped all the same.
      resolve();
    });
  });
}
