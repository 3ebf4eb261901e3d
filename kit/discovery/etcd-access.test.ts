import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { silentLogger } from "@mall/kit/log";
import { type Runtime, systemRuntime } from "@mall/kit/runtime";
import {
  makeCertificates,
  requirePassword,
  startPrivateEtcd,
  whyNoCertificates,
  whyNoPrivateEtcd,
} from "@mall/kit/testing";
import { registerInstance } from "./register-instance.ts";
import { etcdAt, follow, register, untilKnown } from "./test-etcd.ts";

const ADDRESS = "127.0.0.1:9001";

/** A runtime on which the time that a first registration may take is over soon. */
const IMPATIENT: Runtime = {
  ...systemRuntime,
  setTimer: (callback, delayMs) => systemRuntime.setTimer(callback, delayMs === 10_000 ? 500 : delayMs),
};

describe("an etcd that asks who calls", { skip: whyNoPrivateEtcd() ?? false }, () => {
  test("is used with user and password, also after a restart made the login void", async (t) => {
    const server = await startPrivateEtcd();
    t.after(() => server.stop());
    await requirePassword(server, "s3cret");
    const etcd = etcdAt(server.host, { User: "root", Pass: "s3cret" });
    await register(t, etcd, ADDRESS);
    const source = follow(t, etcd);
    await untilKnown(source, 1);
    await server.kill();
    await server.restart();
    await register(t, { ...etcd, ID: 7 }, "127.0.0.1:9002");
    await untilKnown(source, 2, 10_000);
  });

  test("refuses a wrong password in one line that does not repeat it", async (t) => {
    const server = await startPrivateEtcd();
    t.after(() => server.stop());
    await requirePassword(server, "s3cret");
    const etcd = etcdAt(server.host, { User: "root", Pass: "wr0ng" });
    const starting = registerInstance({ etcd, listenOn: ADDRESS, runtime: IMPATIENT, log: silentLogger });
    await assert.rejects(starting, {
      message: `cannot register ${etcd.Key} at etcd ${server.host}: it refuses the account: check Etcd.User and Etcd.Pass and what that user may write`,
    });
  });

  test("is used over TLS with a certificate on both sides", {
    skip: whyNoCertificates() ?? false,
  }, async (t) => {
    const tls = makeCertificates(["localhost"]);
    const server = await startPrivateEtcd(tls);
    t.after(() => server.stop());
    const files = { CACertFile: tls.caFile, CertFile: tls.certFile, CertKeyFile: tls.keyFile };
    const etcd = etcdAt(server.host.replace("127.0.0.1", "localhost"), files);
    await register(t, etcd, ADDRESS);
    const source = follow(t, etcd);
    await untilKnown(source, 1);
    assert.deepEqual(source.current(), [ADDRESS]);
  });
});

test("a certificate file that is missing is refused at the start, naming it", async (t) => {
  const etcd = etcdAt("127.0.0.1:1", {
    CACertFile: "/no/ca.pem",
    CertFile: "/no/c.pem",
    CertKeyFile: "/no/k.pem",
  });
  const refusal = {
    reason: "CONFIG_UNUSABLE",
    message: "Etcd.CACertFile /no/ca.pem cannot be read: check the path and its permissions",
  };
  await assert.rejects(register(t, etcd, ADDRESS), refusal);
  assert.throws(() => follow(t, etcd), refusal);
});
