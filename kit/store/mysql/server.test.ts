import assert from "node:assert/strict";
import { it } from "node:test";
import { mysqlServer } from "./server.ts";

const ofVersion = (version: string) => mysqlServer([{ Variable_name: "version", Value: version }]);

it("takes only a MariaDB since 10.5 for a server that returns what it inserted", () => {
  for (const version of [
    "10.5.0-MariaDB",
    "10.11.19-MariaDB-0+deb12u1",
    "11.4.2-MariaDB",
    "5.5.5-10.11.2-MariaDB-log",
  ]) {
    assert.equal(ofVersion(version).returnsInserted, true, version);
  }
  for (const version of [
    "10.4.34-MariaDB",
    "5.5.5-10.3.39-MariaDB",
    "5.7.44-log",
    "8.4.0",
    "8.0.11-TiDB-v8.5.0",
    "",
  ]) {
    assert.equal(ofVersion(version).returnsInserted, false, version);
  }
});

it("knows a node of a Galera cluster by wsrep_on", () => {
  assert.equal(ofVersion("10.11.19-MariaDB").isGalera, false);
  assert.equal(mysqlServer([{ Variable_name: "wsrep_on", Value: "OFF" }]).isGalera, false);
  assert.equal(mysqlServer([{ Variable_name: "wsrep_on", Value: "ON" }]).isGalera, true);
});
