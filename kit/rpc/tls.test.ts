import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { silentLogger } from "@mall/kit/log";
import { systemRuntime } from "@mall/kit/runtime";
import { createTestFolder, makeCertificates, whyNoCertificates } from "@mall/kit/testing";
import { type ClientTls, connectRpcClient } from "./index.ts";
import { createRpcServer } from "./server.ts";
import { Probe, type ProbeClient, ProbeService, sample } from "./test-probe-service.ts";
import type { ServerTls } from "./tls.ts";

async function serve(t: TestContext, tls: ServerTls): Promise<string> {
  const server = createRpcServer({ runtime: systemRuntime, log: silentLogger, timeoutMs: 2_000, tls });
  server.add(ProbeService, new Probe());
  t.after(() => server.stop(0));
  return server.start("127.0.0.1:0");
}

function connect(t: TestContext, address: string, tls?: ClientTls): ProbeClient {
  const connection = connectRpcClient({
    definition: ProbeService,
    endpoints: [address],
    timeoutMs: 500,
    runtime: systemRuntime,
    ...(tls === undefined ? {} : { tls }),
  });
  t.after(() => connection.close());
  return connection.client;
}

test("a client that trusts the server's authority is served over TLS, any other is not", {
  skip: whyNoCertificates() ?? false,
}, async (t) => {
  const [own, foreign] = [makeCertificates([]), makeCertificates([])];
  const address = await serve(t, own);
  const trusting = connect(t, address, { caCertFile: own.caFile });
  assert.equal((await trusting.echo(backgroundCall(), sample({ id: 5 }))).id, 5);
  for (const other of [connect(t, address, { caCertFile: foreign.caFile }), connect(t, address)]) {
    await assert.rejects(other.echo(backgroundCall(), sample()), { code: "UNAVAILABLE" });
  }
});

test("a file that is missing or no certificate is refused at the start, naming it", async (t) => {
  const path = join(createTestFolder(), "no.pem");
  await assert.rejects(serve(t, { certFile: path, keyFile: path }), {
    reason: "CONFIG_UNUSABLE",
    message: `CertFile ${path} cannot be read: check the path and its permissions`,
  });
  writeFileSync(path, "not a certificate");
  await assert.rejects(serve(t, { certFile: path, keyFile: path }), {
    message: `CertFile ${path} and KeyFile ${path} are not a PEM certificate and its key`,
  });
  assert.throws(() => connect(t, "127.0.0.1:1", { caCertFile: path }), {
    message: `CACertFile ${path} is not a PEM certificate`,
  });
});
