import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyInstance, FastifyReply } from "fastify";

const PAGE_FOLDER = join(import.meta.dirname, "docs");
const VENDOR_FOLDER = dirname(fileURLToPath(import.meta.resolve("swagger-ui-dist/package.json")));

const PLAIN_TEXT = "text/plain; charset=utf-8";

/** Served by name, so that nothing else of the package is reachable. */
const FILES: Readonly<Record<string, string>> = {
  "swagger-ui.css": VENDOR_FOLDER,
  "swagger-ui-bundle.js": VENDOR_FOLDER,
  "favicon-32x32.png": VENDOR_FOLDER,
  "initializer.js": PAGE_FOLDER,
};

/** The page loads and calls only its own server; Swagger UI sets style attributes and uses data: images. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Monitors and link checkers ask for the head alone. */
const PAGE = { exposeHeadRoute: true } as const;

/** What a port with every route serves beside them. */
export interface Docs {
  readonly openApi: object;
  /** Whether the process is fit to serve, and a line for each of its parts; always by default. Never rejects. */
  readonly health?: () => Promise<{ readonly fit: boolean; readonly text: string }>;
}

/**
 * Adds `/openapi.json`, `/docs` (Swagger UI, nothing loaded from outside), `/healthz` for balancers, and `/livez` for
 * whoever restarts what does not answer any more.
 */
export function bindDocs(app: FastifyInstance, { openApi, health }: Docs): void {
  const document = JSON.stringify(openApi);
  app.register((scope, _options, done) => {
    // Only ports with docs load it.
    scope.register(import("@fastify/static"), { root: [PAGE_FOLDER, VENDOR_FOLDER], serve: false });
    scope.addHook("onRequest", (_request, reply, next) => {
      reply.header("x-content-type-options", "nosniff");
      next();
    });
    scope.get("/livez", PAGE, (_request, reply) => reply.type(PLAIN_TEXT).send("OK"));
    scope.get("/healthz", PAGE, async (_request, reply) => {
      const { fit, text } = (await health?.()) ?? { fit: true, text: "" };
      return reply
        .code(fit ? 200 : 503)
        .type(PLAIN_TEXT)
        .send(fit ? "OK" : `Service Unavailable\n${text}`);
    });
    scope.get("/openapi.json", PAGE, (_request, reply) =>
      reply.type("application/json; charset=utf-8").send(document),
    );
    scope.get("/docs", PAGE, (_request, reply) => sendPage(reply, "index.html", PAGE_FOLDER));
    for (const [name, folder] of Object.entries(FILES)) {
      scope.get(`/docs/${name}`, PAGE, (_request, reply) => sendPage(reply, name, folder));
    }
    done();
  });
}

function sendPage(reply: FastifyReply, name: string, folder: string): FastifyReply {
  return reply
    .header("content-security-policy", CONTENT_SECURITY_POLICY)
    .header("referrer-policy", "no-referrer")
    .sendFile(name, folder);
}
