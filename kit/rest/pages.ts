import type { Runtime } from "@mall/kit/runtime";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** What pages may load: their own server's files, pictures that are part of a page, and the styles that are named. */
function policy(styles: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${styles}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** A file for browsers, in memory. */
export interface PageFile {
  readonly contentType: string;
  readonly body: Buffer;
  /** The same in gzip, for who takes that. */
  readonly zipped: Buffer;
  /** Strong entity tag of the body, in quotes. */
  readonly tag: string;
  /** True where the path changes with the content, so that browsers may keep it for a year. */
  readonly immutable: boolean;
  /** BCP 47; absent for a file that is the same in all. */
  readonly language?: string;
  /** SHA-256, in base64, of the one style that stands in the page; absent for a page without. */
  readonly styleHash?: string;
  /**
   * Stands in the body where each answer has a nonce of its own: styles that the page's scripts add under it are taken
   * (https://www.w3.org/TR/CSP3/#security-nonces). Such a file is never kept by anybody.
   */
  readonly nonceMark?: string;
}

/** Gives the file at a path for who sent these `Accept-Language`s; undefined: whatever there is. */
export type PageSource = (acceptLanguage: string | undefined) => PageFile;

/** The files that a port serves to people, by path. */
export type Pages = ReadonlyMap<string, PageSource>;

/** Adds pages beside the routes: they pass none of what requests to routes pass. */
export function bindPages(app: FastifyInstance, pages: Pages, runtime: Runtime): void {
  const send = (request: FastifyRequest, reply: FastifyReply, file: PageFile): FastifyReply =>
    file.nonceMark === undefined
      ? sendPage(request, reply, file)
      : sendWithNonce(reply, file, { mark: file.nonceMark, nonce: newNonce(runtime) });
  app.register((scope, _options, done) => {
    for (const [path, source] of pages) {
      scope.get(path, { exposeHeadRoute: true }, (request, reply) =>
        send(request, reply, source(request.headers["accept-language"])),
      );
    }
    done();
  });
}

const SAFE = { "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" };

/** At least 128 bits, as CSP wants them. */
function newNonce(runtime: Runtime): string {
  return Buffer.from(runtime.randomBytes(18)).toString("base64");
}

function sendWithNonce(
  reply: FastifyReply,
  { contentType, body }: PageFile,
  { mark, nonce }: { readonly mark: string; readonly nonce: string },
): FastifyReply {
  reply.headers({
    ...SAFE,
    "content-security-policy": policy(`'self' 'nonce-${nonce}'`),
    "cache-control": "no-store",
  });
  return reply.type(contentType).send(body.toString("utf8").replaceAll(mark, nonce));
}

function sendPage({ headers }: FastifyRequest, reply: FastifyReply, file: PageFile): FastifyReply {
  const isZipped = /\bgzip\b/.test(String(headers["accept-encoding"] ?? ""));
  reply.headers({
    ...SAFE,
    "content-security-policy": policy(
      file.styleHash === undefined ? "'self'" : `'self' 'sha256-${file.styleHash}'`,
    ),
    "cache-control": file.immutable ? "public, max-age=31536000, immutable" : "no-cache",
    vary: file.language === undefined ? "accept-encoding" : "accept-encoding, accept-language",
    etag: file.tag,
    ...(file.language === undefined ? {} : { "content-language": file.language }),
  });
  if (headers["if-none-match"] === file.tag) return reply.code(304).send();
  if (isZipped) reply.header("content-encoding", "gzip");
  return reply.type(file.contentType).send(isZipped ? file.zipped : file.body);
}
