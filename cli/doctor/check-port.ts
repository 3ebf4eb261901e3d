import { connect, createServer } from "node:net";
import type { AnyRpcProcess } from "@mall/kit/process";
import { formatAddress } from "@mall/kit/rpc";
import type { Runtime } from "@mall/kit/runtime";
import { probeRpc, type ServedRoutes, servesApi } from "../operator/probe.ts";
import { type Finding, fail, ok } from "./finding.ts";

const CONNECT_MS = 2000;

/** A port that a part of the mall listens on. */
export interface PartPort {
  /** As the mall prints it, e.g. `pay.rpc`. */
  readonly name: string;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Whether a mall serves the same part at `host:port`. */
  readonly servedAt: (address: string) => Promise<boolean>;
}

/** How a port that serves an api's routes is known; any api for the gateway. */
export function servesRoutes(api: ServedRoutes): PartPort["servedAt"] {
  return (address) => servesApi(`http://${address}`, api);
}

/** How a port that serves an rpc's methods is known. */
export function servesMethods(rpc: AnyRpcProcess, runtime: Runtime): PartPort["servedAt"] {
  return async (address) => (await probeRpc(rpc.service, address, runtime)) === "serves";
}

/** Is the port free, or does the mall itself have it already? */
export async function checkPort(part: PartPort): Promise<Finding> {
  const { name, host, port, servedAt } = part;
  if (port === 0) return ok(`${name}: takes any free port`);
  const refusal = await listenRefusal(host, port);
  if (refusal === undefined) return ok(`${name}: port ${port} is free`);
  if (refusal === "EACCES") {
    return fail(`${name}: port ${port} may not be used by this user`, "choose one from 1024 on");
  }
  if (refusal !== "EADDRINUSE") {
    return fail(
      `${name}: ${formatAddress(part)} cannot be listened on (${refusal})`,
      "name an address of this machine",
    );
  }
  if (await servedAt(formatAddress({ host: reachable(host), port })))
    return ok(`${name}: a mall serves on port ${port} already`);
  return fail(
    `${name}: port ${port} is used by something else`,
    "stop it, or set another port in the configuration",
  );
}

/** True where a TCP connection comes about. */
export function acceptsConnections(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => settle(true));
    socket.once("timeout", () => settle(false));
    socket.once("error", () => settle(false));
  });
}

/** Where a server that listens on `host` is reached from this machine. */
function reachable(host: string): string {
  return host === "" || host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
}

/** Why a port cannot be listened on (an error code of the system), or undefined where it can. */
function listenRefusal(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    server.listen({ host: host === "" ? "0.0.0.0" : host, port, exclusive: true }, () =>
      server.close(() => resolve(undefined)),
    );
  });
}
