import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { PageFile } from "./pages.ts";
import { serve } from "./test-server.ts";

function fileOf(text: string, more: Partial<PageFile> = {}): PageFile {
  const body = Buffer.from(text);
  const base = { contentType: "text/plain; charset=utf-8", body, zipped: gzipSync(body) };
  return { ...base, tag: `"${text}"`, immutable: false, ...more };
}

const PAGES = new Map([
  ["/", (language = "none") => fileOf(`for ${language}`, { language: "en" })],
  ["/assets/a-1.js", () => fileOf("script", { immutable: true })],
]);

describe("pages", () => {
  test("are given by the browser's language, under a policy that lets nothing in from elsewhere", async (t) => {
    const { url } = await serve(t, { pages: PAGES });
    const answer = await fetch(url, {
      headers: { "accept-language": "zh-CN", "accept-encoding": "identity" },
    });
    assert.equal(await answer.text(), "for zh-CN");
    const { headers } = answer;
    assert.match(
      headers.get("content-security-policy") ?? "",
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    assert.doesNotMatch(headers.get("content-security-policy") ?? "", /unsafe/);
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("cache-control"), "no-cache");
    assert.equal(headers.get("vary"), "accept-encoding, accept-language");
    assert.equal(headers.get("content-language"), "en");
  });

  test("may have one style within them, which their policy names", async (t) => {
    const pages = new Map([["/", () => fileOf("<style>p{}</style>", { styleHash: "aGFzaA==" })]]);
    const { url } = await serve(t, { pages });
    const policy = (await fetch(url)).headers.get("content-security-policy") ?? "";
    assert.match(policy, /; style-src 'self' 'sha256-aGFzaA=='; img-src/);
  });

  test("are zipped for who takes that, and not sent again to who has them", async (t) => {
    const { url } = await serve(t, { pages: PAGES });
    const first = await fetch(`${url}/assets/a-1.js`, { headers: { "accept-encoding": "gzip, br" } });
    assert.equal(first.headers.get("content-encoding"), "gzip");
    assert.equal(first.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.equal(await first.text(), "script");
    const again = await fetch(`${url}/assets/a-1.js`, { headers: { "if-none-match": '"script"' } });
    assert.equal(again.status, 304);
    assert.equal(await again.text(), "");
  });

  test("are read only, and no path but theirs is one", async (t) => {
    const { url } = await serve(t, { pages: PAGES });
    assert.equal((await fetch(url, { method: "HEAD" })).status, 200);
    assert.equal((await fetch(url, { method: "POST" })).status, 405);
    for (const path of ["/assets/", "/assets/..%2fa-1.js", "/assets/b.js"])
      assert.equal((await fetch(`${url}${path}`)).status, 404, path);
  });
});
