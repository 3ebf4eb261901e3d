import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { restConfig } from "./blocks/rest.ts";
import { rpcServerConfig } from "./blocks/rpc.ts";
import { loadConfig } from "./load-config.ts";

function fileWith(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "mall-config-")), "test.yaml");
  writeFileSync(path, text);
  return path;
}

describe("loadConfig", () => {
  it("fills go-zero's defaults", () => {
    const config = loadConfig(fileWith("Name: Pay\nPort: 8003\n"), restConfig);
    assert.equal(config.Mode, "pro");
    assert.equal(config.Host, "0.0.0.0");
    assert.equal(config.Timeout, 3000);
    assert.equal(config.MaxBytes, 1048576);
    assert.equal(config.MaxConns, 10000);
    assert.equal(config.Log.Level, "info");
    assert.equal(config.Shutdown.WaitTime, 5500);
    assert.equal(config.Telemetry, undefined);
  });

  it("names the file, the line and the rule of broken YAML", () => {
    const path = fileWith("Name: Pay\nPort: [8003\n");
    assert.throws(() => loadConfig(path, restConfig), {
      reason: "CONFIG_UNUSABLE",
      message: /test\.yaml:\d+: .+/,
    });
  });

  it("names the key that is missing or of the wrong type", () => {
    const missing = fileWith("Name: Pay\n");
    assert.throws(() => loadConfig(missing, restConfig), { message: /test\.yaml: Port: / });
    const mistyped = fileWith("Name: pay.rpc\nListenOn: 0.0.0.0:9003\nTimeout: 2s\n");
    assert.throws(() => loadConfig(mistyped, rpcServerConfig), { message: /Timeout: .*expected number/ });
  });

  it("says so when there is no such file", () => {
    assert.throws(() => loadConfig("nowhere.yaml", restConfig), {
      message: /nowhere\.yaml cannot be read \(ENOENT\)/,
    });
  });
});
