import type { RpcClientConfig, RpcServerConfig } from "@mall/kit/config";
import type { RpcAuth, RpcCredentials } from "@mall/kit/rpc";
import type { Runtime } from "@mall/kit/runtime";
import { RpcTokens } from "./rpc-tokens.ts";

/** Rpc auth that must be closed when its process stops. */
export interface OwnedRpcAuth extends RpcAuth {
  close(): void;
}

/** Whom a process lets in by its configuration; undefined for everybody. */
export async function openRpcAuth(
  config: RpcServerConfig,
  runtime: Runtime,
): Promise<OwnedRpcAuth | undefined> {
  if (!config.Auth || config.Redis === undefined) return undefined;
  const tokens = await RpcTokens.open({ config: config.Redis, runtime });
  return {
    findToken: (app) => tokens.find(app),
    strict: config.StrictControl,
    close: () => tokens.close(),
  };
}

/** What a process shows a neighbour; undefined where its configuration names no app or no token. */
export function rpcCredentials({ App, Token }: RpcClientConfig): RpcCredentials | undefined {
  return App === "" || Token === "" ? undefined : { app: App, token: Token };
}
