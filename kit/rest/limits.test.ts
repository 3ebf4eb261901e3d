import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { makeCertificates, whyNoCertificates } from "@mall/kit/testing";
import { echoRoute, post, serve } from "./test-server.ts";

const BODY = JSON.stringify({ uid: 1, name: "x".repeat(3_000_000) });

describe("a limit of 0", () => {
  it("lets a body of any length in, plain and inflated", async (t) => {
    const { url } = await serve(t, { bodyBytesMax: 0 });
    assert.equal((await post(`${url}/echo`, BODY)).status, 200);
    assert.equal((await post(`${url}/echo`, gzipSync(BODY), { "content-encoding": "gzip" })).status, 200);
  });

  it("lets any number of requests into a route at once", async (t) => {
    let running = 0;
    const { promise: allIn, resolve } = Promise.withResolvers<void>();
    const handle = async (_call: unknown, body: unknown): Promise<unknown> => {
      running += 1;
      if (running === 20) resolve();
      await allIn;
      return body;
    };
    const { url } = await serve(t, { routes: [{ ...echoRoute, handle }], concurrentMax: 0 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post(`${url}/echo`, '{"uid":1,"name":"a"}')),
    );
    assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set([200]));
  });
});

describe("a server that takes no gzip", () => {
  it("answers 415 to it, and takes plain bodies", async (t) => {
    const { url } = await serve(t, { acceptsGzip: false });
    const gzip = gzipSync('{"uid":1,"name":"a"}');
    assert.equal((await post(`${url}/echo`, gzip, { "content-encoding": "gzip" })).status, 415);
    assert.equal((await post(`${url}/echo`, '{"uid":1,"name":"a"}')).status, 200);
  });
});

describe("a server with a certificate", { skip: whyNoCertificates() ?? false }, () => {
  it("speaks HTTPS, and proves itself", async (t) => {
    const { caFile, certFile, keyFile } = makeCertificates([]);
    const { url } = await serve(t, { tls: { certFile, keyFile } });
    assert.match(url, /^https:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(await statusOf(url, readFileSync(caFile)), 200);
    await assert.rejects(statusOf(url, undefined), { code: /LEAF_SIGNATURE|CERT|ISSUER|SELF_SIGNED/ });
    await assert.rejects(fetch(url.replace("https", "http")));
  });

  it("names the file that it cannot use", async (t) => {
    const { certFile, keyFile } = makeCertificates([]);
    await assert.rejects(serve(t, { tls: { certFile: "nowhere.pem", keyFile } }), {
      reason: "CONFIG_UNUSABLE",
      message: /^CertFile nowhere\.pem cannot be read/,
    });
    await assert.rejects(serve(t, { tls: { certFile, keyFile: certFile } }), {
      message: /are not a PEM certificate and its key$/,
    });
  });
});

/** Status of a small request to `/echo` by a client that trusts one authority. */
function statusOf(url: string, ca: Buffer | undefined): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const sent = request(`${url}/echo`, { method: "POST", headers, ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", reject);
    sent.end('{"uid":1,"name":"a"}');
  });
}
