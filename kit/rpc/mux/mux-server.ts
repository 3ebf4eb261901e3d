import type { Server, ServerDuplexStream } from "@grpc/grpc-js";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import type { RpcGuard } from "../auth.ts";
import { rawMethod } from "../raw-method.ts";
import type { WireMethod } from "../wire-method.ts";
import { MUX_PATH } from "./frame.ts";
import { MuxServerStream } from "./server-stream.ts";

/** The multiplexed form of a server's methods. */
export interface MuxServer {
  /** Serves a method under its path; before the server starts. */
  add(path: string, method: WireMethod): void;
  /** Takes no new calls, and ends each stream when its calls are answered. */
  leave(): void;
}

export interface MuxServerOptions {
  readonly runtime: Runtime;
  readonly log: Logger;
  /** What every call must pass, by what its stream showed when it was opened. */
  readonly guard: RpcGuard | undefined;
}

/** Adds the multiplexed form to a server that has not started. */
export function addMux(server: Server, { runtime, log, guard }: MuxServerOptions): MuxServer {
  const methods = new Map<string, WireMethod>();
  const streams = new Set<MuxServerStream>();
  const serve = (stream: ServerDuplexStream<Buffer, Buffer>): void => {
    const muxed = new MuxServerStream({
      runtime,
      log,
      stream,
      methods,
      admit: guard === undefined ? undefined : (path) => guard(path, stream.metadata),
      onEnd: () => streams.delete(muxed),
    });
    streams.add(muxed);
  };
  const shape = { ...rawMethod(MUX_PATH), requestStream: true, responseStream: true };
  server.addService({ calls: shape }, { calls: serve });
  return {
    add: (path, method) => {
      methods.set(path, method);
    },
    leave: () => {
      for (const stream of streams) stream.leave();
    },
  };
}
