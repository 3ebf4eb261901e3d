import http, { type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import https from "node:https";
import { AppError, deadlineExceeded } from "@mall/kit/errors";
import type { Runtime } from "@mall/kit/runtime";
import type { HttpAnswer, HttpRequest } from "./http-transport.ts";

/**
 * Sends a request; resolves when its answer begins. Over Node's own client, whose sockets wait for the next request to
 * their server; `fetch` takes twice the processor's time for the same.
 */
export function openExchange(request: HttpRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const { method, url, headers, body } = request;
  const { request: open } = url.startsWith("https:") ? https : http;
  return new Promise((resolve, reject) => {
    // Bytes are signed as they are sent, so none are compressed on the way.
    const sent = {
      "accept-encoding": "identity",
      ...(body && { "content-length": body.length }),
      ...headers,
    };
    const exchanged = open(url, { method, headers: sent, signal }, resolve);
    exchanged.on("error", reject);
    exchanged.end(body);
  });
}

/** Runs steps of one exchange: `signal` ends it, and is given where a step takes longer than it may. */
export interface Steps {
  readonly signal: AbortSignal;
  /** @throws AppError DEADLINE_EXCEEDED; UNAVAILABLE NO_ANSWER where the connection failed; its own. */
  inTime<T>(step: () => Promise<T>): Promise<T>;
}

/** @param timeoutMs how long each step may take. */
export function stepsOf(
  request: HttpRequest,
  { runtime, timeoutMs }: { readonly runtime: Pick<Runtime, "setTimer">; readonly timeoutMs: number },
): Steps {
  const abort = new AbortController();
  return {
    signal: abort.signal,
    inTime: async (step) => {
      const timer = runtime.setTimer(() => abort.abort(), timeoutMs);
      try {
        return await step();
      } catch (cause) {
        // The reason of an abort arrives as it is or wrapped, depending on how far the answer had come.
        if (abort.signal.aborted) throw deadlineExceeded();
        throw cause instanceof AppError ? cause : noAnswer(request, cause);
      } finally {
        timer.clear();
      }
    },
  };
}

/** What an answer begins with. */
export function headOf({ statusCode = 0, headers }: IncomingMessage): Omit<HttpAnswer, "body"> {
  return { status: statusCode, headers: textOf(headers) };
}

/** Only cookies come more than once in Node's form of headers. */
function textOf(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}

function noAnswer(request: HttpRequest, cause: unknown): AppError {
  return new AppError("UNAVAILABLE", "NO_ANSWER", `no answer from ${hostOf(request)}`, { cause });
}

/** The only part of an address that is shown: path and query may be confidential. */
export function hostOf({ url }: HttpRequest): string {
  return URL.canParse(url) ? new URL(url).host : "an address that is no URL";
}

/** The error for an answer that is longer than it may be. */
export function tooLarge(url: string, bytesMax: number): AppError {
  const { host } = new URL(url);
  return new AppError(
    "RESOURCE_EXHAUSTED",
    "ANSWER_TOO_LARGE",
    `${host} answers with more than ${bytesMax} bytes`,
  );
}
