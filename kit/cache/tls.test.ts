import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { cacheConfig } from "@mall/kit/config";
import { systemRuntime } from "@mall/kit/runtime";
import { freePort, makeCertificates, whyNoCertificates, whyNoRedis } from "@mall/kit/testing";
import { proveRedis } from "./prove-redis.ts";
import { SteeredRow, TEST_PREFIX, TestCaches } from "./test-cache.ts";

describe("a Redis that speaks TLS", {
  skip: whyNoRedis() ?? whyNoTls() ?? whyNoCertificates() ?? false,
}, () => {
  it("serves a cache that speaks it too, in cipher, and is of no use to one that does not", async () => {
    const { caFile, certFile, keyFile } = makeCertificates([]);
    const port = await freePort();
    const files = [
      `--tls-cert-file ${certFile}`,
      `--tls-key-file ${keyFile}`,
      `--tls-ca-cert-file ${caFile}`,
    ];
    const caches = await TestCaches.start([`--tls-port ${port}`, ...files, "--tls-auth-clients no"]);
    try {
      const Host = `127.0.0.1:${port}`;
      const cache = await caches.openTrusted({ nodes: [{ Host, Tls: true }] });
      const row = new SteeredRow("row");
      assert.equal(await cache.take(`${TEST_PREFIX}id:1`, row.source), "row");
      const proofOf = async (more: object) => {
        const [node] = cacheConfig.parse([{ Host, ...more }]);
        assert.ok(node !== undefined);
        return proveRedis(node, systemRuntime);
      };
      assert.equal(await proofOf({ Tls: true }), undefined);
      assert.match((await proofOf({})) ?? "", /it does not answer/);
      assert.equal(await answersInClear(port), false);
    } finally {
      await caches.stop();
    }
  });
});

/** Whether a server answers a question in clear as a Redis without TLS does. */
function answersInClear(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    let said = "";
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.on("data", (chunk) => {
      said += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(said.includes("PONG")));
  });
}

/** A server names the first option that it does not know; the last one here is known to none. */
function whyNoTls(): string | undefined {
  const binary = process.env.MALL_TEST_REDIS ?? "redis-server";
  const { stderr } = spawnSync(binary, ["--tls-port", "0", "--known-to-none", "0"], { encoding: "utf8" });
  return />>> 'tls-port/.test(stderr) ? "redis-server is built without TLS" : undefined;
}
