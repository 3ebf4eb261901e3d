import http, { type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import https from "node:https";
import { AppError, deadlineExceeded } from "@mall/kit/errors";
import { type Breaker, type Breakers, judgeCall, runBehind } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import type { HttpAnswer, HttpRequest, HttpTransport } from "./http-transport.ts";

/** More than any channel answers with; what is longer is not read. */
const ANSWER_BYTES_MAX = 1024 * 1024;
/** A server that answers like this is not well. */
const FAILURE_STATUS_MIN = 500;

/** The transport of a process: its HTTP client, with a time and a size that an answer may take. */
export function createNetworkTransport(options: {
  readonly runtime: Runtime;
  /** Puts one in front of every server, so that one that hangs does not hold all who ask it; none by default. */
  readonly breakers?: Breakers | undefined;
  /** Longest answer, bytes; 1 MiB by default. */
  readonly answerBytesMax?: number;
}): HttpTransport {
  const { runtime, breakers, answerBytesMax = ANSWER_BYTES_MAX } = options;
  const guards = new Map<string, Breaker>();
  return {
    send: async (request, { timeoutMs }) => {
      if (timeoutMs <= 0) throw deadlineExceeded();
      const sent = (): Promise<HttpAnswer> => {
        return sendInTime(request, { runtime, timeoutMs, bytesMax: answerBytesMax });
      };
      if (breakers === undefined) return sent();
      const host = hostOf(request);
      const guard = guards.get(host) ?? breakers.create("http_client", host);
      guards.set(host, guard);
      return runBehind(guard, judgeCall, sent, ({ status }) => status >= FAILURE_STATUS_MIN);
    },
  };
}

async function sendInTime(
  request: HttpRequest,
  limits: { readonly runtime: Runtime; readonly timeoutMs: number; readonly bytesMax: number },
): Promise<HttpAnswer> {
  const abort = new AbortController();
  const timer = limits.runtime.setTimer(() => abort.abort(deadlineExceeded()), limits.timeoutMs);
  try {
    return await exchange(request, abort.signal, limits.bytesMax);
  } catch (cause) {
    // The reason of an abort arrives as it is or wrapped, depending on how far the answer had come.
    if (abort.signal.aborted) throw deadlineExceeded();
    throw cause instanceof AppError ? cause : noAnswer(request, cause);
  } finally {
    timer.clear();
  }
}

/**
 * Over Node's own client, whose sockets wait for the next request to their server; `fetch` takes twice the processor's
 * time for the same.
 */
function exchange(request: HttpRequest, signal: AbortSignal, bytesMax: number): Promise<HttpAnswer> {
  const { method, url, headers, body } = request;
  const { request: open } = url.startsWith("https:") ? https : http;
  return new Promise((resolve, reject) => {
    // Bytes are signed as they are sent, so none are compressed on the way.
    const sent = {
      "accept-encoding": "identity",
      ...(body && { "content-length": body.length }),
      ...headers,
    };
    const exchanged = open(url, { method, headers: sent, signal }, (answer) => {
      readAtMost(answer, url, bytesMax).then(resolve, reject);
    });
    exchanged.on("error", reject);
    exchanged.end(body);
  });
}

async function readAtMost(answer: IncomingMessage, url: string, bytesMax: number): Promise<HttpAnswer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early closes the connection.
  for await (const chunk of answer) {
    length += chunk.length;
    if (length > bytesMax) throw tooLarge(url, bytesMax);
    chunks.push(chunk);
  }
  const { statusCode = 0, headers } = answer;
  return { status: statusCode, headers: textOf(headers), body: Buffer.concat(chunks) };
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

function tooLarge(url: string, bytesMax: number): AppError {
  const { host } = new URL(url);
  return new AppError(
    "RESOURCE_EXHAUSTED",
    "ANSWER_TOO_LARGE",
    `${host} answers with more than ${bytesMax} bytes`,
  );
}

function noAnswer(request: HttpRequest, cause: unknown): AppError {
  return new AppError("UNAVAILABLE", "NO_ANSWER", `no answer from ${hostOf(request)}`, { cause });
}

/** The only part of an address that is shown: path and query may be confidential. */
function hostOf({ url }: HttpRequest): string {
  return URL.canParse(url) ? new URL(url).host : "an address that is no URL";
}
