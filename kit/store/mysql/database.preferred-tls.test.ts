import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import {
  makeCertificates,
  startPrivateMariadb,
  whyNoCertificates,
  whyNoPrivateMariadb,
} from "@mall/kit/testing";
import { openDatabase } from "../index.ts";

/** The cipher of a connection that a DSN leads to; empty in the clear. */
async function cipherOf(t: TestContext, dataSource: string): Promise<unknown> {
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  t.after(() => database.close());
  const [row] = await database.read({ sql: "SHOW STATUS LIKE 'Ssl_cipher'", parameters: [] });
  return row?.Value;
}

describe("tls=preferred", { skip: whyNoPrivateMariadb() ?? whyNoCertificates() ?? false }, () => {
  it("is TLS with a server that knows it, and none with one that does not", async (t) => {
    const { certFile, keyFile } = makeCertificates([]);
    const secured = await startPrivateMariadb([`--ssl-cert=${certFile}`, `--ssl-key=${keyFile}`]);
    t.after(() => secured.stop());
    assert.notEqual(await cipherOf(t, `${secured.dataSource("mysql")}?tls=preferred`), "");
    assert.equal(await cipherOf(t, secured.dataSource("mysql")), "");

    const plain = await startPrivateMariadb(["--skip-ssl"]);
    t.after(() => plain.stop());
    assert.equal(await cipherOf(t, `${plain.dataSource("mysql")}?tls=preferred`), "");
    assert.equal(
      await cipherOf(t, `${plain.dataSource("mysql")}?tls=skip-verify&allowFallbackToPlaintext=true`),
      "",
    );
    await assert.rejects(cipherOf(t, `${plain.dataSource("mysql")}?tls=skip-verify`), {
      code: "FAILED_PRECONDITION",
    });
  });
});
