import { createHash, timingSafeEqual } from "node:crypto";
import { type Metadata, ServerInterceptingCall, type ServerInterceptor } from "@grpc/grpc-js";
import { AppError, toAppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { RPC_AUTH_PREFIX, toGrpcStatus } from "./status.ts";
import { type FindToken, TokenCache } from "./token-cache.ts";

/** The metadata that a caller shows, as go-zero names it (zrpc/internal/auth/vars.go). */
const APP_KEY = "app";
const TOKEN_KEY = "token";

/** What a process shows its peers: the name of its app and the token that the app was granted. */
export interface RpcCredentials {
  readonly app: string;
  readonly token: string;
}

/** Whom a server lets in (go-zero's `Auth`). */
export interface RpcAuth {
  /** Looks the token of an app up; undefined for an app that was granted none. Rejects where nobody answers. */
  readonly findToken: FindToken;
  /** Refuses an app also where its token cannot be found; without it such an app is let in, as in go-zero. */
  readonly strict: boolean;
}

/** Shows a process's credentials with a call. */
export function showCredentials(metadata: Metadata, credentials: RpcCredentials | undefined): void {
  if (credentials === undefined) return;
  metadata.set(APP_KEY, credentials.app);
  metadata.set(TOKEN_KEY, credentials.token);
}

/** Lets a call pass, or rejects with the AppError that refuses it; `path` is the method's, for the log. */
export type RpcGuard = (path: string, metadata: Metadata) => Promise<void>;

/** Asks every caller for the token of its app. */
export function createRpcGuard(auth: RpcAuth, runtime: Runtime, log: Logger): RpcGuard {
  const { findToken, strict } = auth;
  const tokens = new TokenCache({ findToken, runtime, log });
  return async (path, metadata) => {
    try {
      await authenticate(metadata, tokens, strict);
    } catch (thrown) {
      const error = toAppError(thrown);
      log.warn({ method: path, reason: error.reason, error: error.cause }, "rpc auth refused a call");
      throw error;
    }
  };
}

/** Lets nobody reach a method of the server, whatever its service, without passing the guard. */
export function authInterceptor(guard: RpcGuard): ServerInterceptor {
  return (method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            guard(method.path, metadata).then(
              () => pass(metadata),
              (error: unknown) => call.sendStatus(toGrpcStatus(toAppError(error))),
            );
          },
        }),
    });
}

async function authenticate(metadata: Metadata, tokens: TokenCache, strict: boolean): Promise<void> {
  const app = firstValue(metadata, APP_KEY);
  const token = firstValue(metadata, TOKEN_KEY);
  if (app === "" || token === "") {
    throw new AppError("UNAUTHENTICATED", `${RPC_AUTH_PREFIX}REQUIRED`, "app/token required");
  }
  const found = await tokens.find(app);
  if ("token" in found) {
    if (equal(token, found.token)) return;
    throw new AppError("UNAUTHENTICATED", `${RPC_AUTH_PREFIX}DENIED`, "access denied");
  }
  if (!strict) return;
  if (found.missing === "app") throw new AppError("INTERNAL", `${RPC_AUTH_PREFIX}UNKNOWN_APP`, "redis: nil");
  throw new AppError("INTERNAL", `${RPC_AUTH_PREFIX}UNAVAILABLE`, "redis: unavailable");
}

function firstValue(metadata: Metadata, key: string): string {
  return metadata.get(key)[0]?.toString() ?? "";
}

/** In a time that does not depend on where the texts differ. */
function equal(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
