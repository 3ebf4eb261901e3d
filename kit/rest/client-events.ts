import { AppError } from "@mall/kit/errors";
import { askServer, errorOf, type HttpClient, type JsonRequest } from "./client.ts";

const BLANK_LINE = /\r?\n\r?\n/;

/**
 * Sends one JSON request and gives the events of its answer as they come (server-sent events, their data as JSON).
 *
 * @throws AppError the server's own, rebuilt; UNAVAILABLE naming the url when no answer came, or it broke off.
 */
export async function* requestEvents<T>(
  http: HttpClient,
  request: JsonRequest,
  body?: unknown,
): AsyncGenerator<T> {
  const { url, response } = await askServer(http, request, body);
  if (!response.ok)
    throw errorOf(response.status, await response.text(), response.headers.get("retry-after"));
  let rest = "";
  const decoder = new TextDecoder();
  try {
    for await (const bytes of response.body ?? []) {
      const parts = (rest + decoder.decode(bytes, { stream: true })).split(BLANK_LINE);
      rest = parts.pop() ?? "";
      for (const part of parts) {
        const data = dataOf(part);
        if (data !== "") yield JSON.parse(data) as T;
      }
    }
  } catch (cause) {
    throw new AppError("UNAVAILABLE", "NO_ANSWER", `the events from ${url} broke off`, { cause });
  }
}

function dataOf(event: string): string {
  const lines = event.split(/\r?\n/).filter((line) => line.startsWith("data:"));
  return lines.map((line) => line.slice("data:".length).trimStart()).join("\n");
}
