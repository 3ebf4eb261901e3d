import { type Agent, request } from "node:http";

/** A request as it goes over the wire, good or bad. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** Sends the body in chunks instead of telling its length. */
  readonly chunked?: boolean;
}

export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** No answer may take longer, milliseconds; the mall's own limit for a request is 3 s. */
const ANSWER_MS_MAX = 8000;

/** Sends a request without helping it to be right. Rejects where no complete answer comes in time. */
export function sendRaw(url: string, raw: RawRequest, agent?: Agent): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const { method, path, body, chunked = false } = raw;
  const length = chunked ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const headers = { ...length, ...raw.headers };
  return new Promise((resolve, reject) => {
    const options = { hostname, port, method, path, headers, agent, timeout: ANSWER_MS_MAX };
    const sent = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("error", reject);
      response.on("end", () => {
        const contentType = response.headers["content-type"] ?? "";
        resolve({ status: response.statusCode ?? 0, contentType, text });
      });
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${ANSWER_MS_MAX} ms`)));
    sent.on("error", reject);
    sent.end(body);
  });
}
