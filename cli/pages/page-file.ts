import { createHash } from "node:crypto";
import { extname } from "node:path";
import { gzipSync } from "node:zlib";
import type { PageFile } from "@mall/kit/rest";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** A page that has its style within it. */
export function styledPage(body: Buffer): PageFile {
  const [, style = ""] = /<style>(.*?)<\/style>/s.exec(body.toString("utf8")) ?? [];
  const styleHash = createHash("sha256").update(style).digest("base64");
  return { ...pageFile("index.html", body, false), styleHash };
}

/** A file that is served under this name, which decides its type. */
export function pageFile(name: string, body: Buffer, isImmutable: boolean): PageFile {
  return {
    contentType: TYPES[extname(name)] ?? "application/octet-stream",
    body,
    zipped: gzipSync(body),
    tag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
    immutable: isImmutable,
  };
}
