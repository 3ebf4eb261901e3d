import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { loadConfig } from "./load-config.ts";
import { restConfig, rpcServerConfig } from "./schemas.ts";

function fileWith(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "mall-config-")), "test.yaml");
  writeFileSync(path, text);
  return path;
}

describe("loadConfig", () => {
  it("fills go-zero's defaults", () => {
    const config = loadConfig(fileWith("Name: Pay\nPort: 8003\n"), restConfig);
    assert.deepEqual(config, {
      Name: "Pay",
      Mode: "pro",
      Log: { Level: "info" },
      Host: "0.0.0.0",
      Port: 8003,
      Timeout: 3000,
      MaxBytes: 1048576,
      MaxConns: 10000,
    });
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
