import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import {
  cacheConfig,
  dtmConfig,
  etcdConfig,
  redisKeyConfig,
  rpcClientConfig,
  serviceConfig,
} from "@mall/kit/config";
import { allInOneConfig } from "../cli/all-in-one/config.ts";
import { gatewayProcess } from "../cli/gateway/gateway-process.ts";
import { sandboxBankConfig } from "../cli/sandbox/config.ts";
import { orderApiConfig } from "../services/order/api/config.ts";
import { orderRpcConfig } from "../services/order/rpc/config.ts";
import { payApiConfig } from "../services/pay/api/config.ts";
import { payRpcConfig } from "../services/pay/rpc/config.ts";
import { productApiConfig } from "../services/product/api/config.ts";
import { productRpcConfig } from "../services/product/rpc/config.ts";
import { userApiConfig } from "../services/user/api/config.ts";
import { userRpcConfig } from "../services/user/rpc/config.ts";
import { type ConfigSchema, configKeys } from "./support/config-keys.ts";
import { startTestMall } from "./support/mall.ts";
import { commandBlocks, markedBlock, markedRows, ROOT, readDocument } from "./support/readme-commands.ts";

const DOCUMENTS = [
  "README.md",
  "README.zh-CN.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "docs/compatibility.md",
  "docs/configuration.md",
];
const GATEWAY = "http://127.0.0.1:8888";
const PAID_ORDER = '{"id":1,"uid":1,"pid":1,"amount":500,"status":1}';

const run = promisify(execFile);
const english = readDocument("README.md");
const chinese = readDocument("README.zh-CN.md");

describe("the README", () => {
  it("tells a journey that ends with a paid order, and shows it", { skip: missingTool() }, async () => {
    const commands = markedBlock(english, "journey");
    assert.equal(commands.split(GATEWAY).length, 2, "the gateway is named once");
    const mall = await startTestMall();
    try {
      // -e: no command may fail. A proxy of the machine is not for loopback.
      const { stdout } = await run("sh", ["-ec", commands.replace(GATEWAY, mall.url)], {
        env: { ...process.env, no_proxy: "127.0.0.1" },
      });
      const registered = '{"id":1,"name":"ving","gender":1,"mobile":"15212230311"}';
      assert.deepEqual(stdout.trim().split("\n"), [registered, "{}", PAID_ORDER]);
    } finally {
      await mall.stop();
    }
    assert.ok(english.includes(PAID_ORDER) && chinese.includes(PAID_ORDER));
  });

  it("gives the same commands in Chinese, byte for byte", () => {
    assert.deepEqual(commandBlocks(chinese), commandBlocks(english));
    assert.deepEqual(toldCommands(chinese), toldCommands(english));
  });

  it("lists the commands that mall has", async () => {
    const { stdout } = await run(process.execPath, [join(ROOT, "cli/main.ts"), "--help"]);
    const [, listed = ""] = stdout.split("Commands:\n");
    const names = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = ""]) => name);
    assert.deepEqual(toldCommands(english).toSorted(), names.filter((name) => name !== "help").toSorted());
  });
});

describe("the documents", async () => {
  const common = [serviceConfig];
  const tables: Record<string, { of: readonly ConfigSchema[]; without?: readonly ConfigSchema[] }> = {
    service: { of: common },
    "all-in-one": { of: [allInOneConfig], without: common },
    rpc: { of: [userRpcConfig, productRpcConfig, orderRpcConfig, payRpcConfig], without: common },
    api: { of: [userApiConfig, productApiConfig, orderApiConfig, payApiConfig], without: common },
    gateway: {
      of: [(await gatewayProcess()).config],
      without: [...common, userApiConfig, productApiConfig, orderApiConfig, payApiConfig],
    },
    sandbox: { of: [sandboxBankConfig], without: common },
    neighbour: { of: [rpcClientConfig] },
    dtm: { of: [dtmConfig], without: [rpcClientConfig] },
    etcd: { of: [etcdConfig] },
    redis: { of: [redisKeyConfig, cacheConfig] },
  };
  for (const [name, { of, without = [] }] of Object.entries(tables)) {
    it(`docs/configuration.md tells every key, its default and its state, table ${name}`, () => {
      const elsewhere = configKeys(without);
      const keys = [...configKeys(of)].filter(([key, { value }]) => elsewhere.get(key)?.value !== value);
      const rows = markedRows(readDocument("docs/configuration.md"), name);
      const meanings = new Map(rows.map(([key = "", , meaning = ""]) => [key.slice(1, -1), meaning]));
      const told = rows.map(([key = "", value = ""]) => `${key.slice(1, -1)}: ${value}`);
      const there = keys.map(([key, { value }]) => `${key}: ${value}`);
      assert.deepEqual(told.toSorted(), there.toSorted());
      for (const [key, { meaning }] of keys)
        if (meaning !== undefined) assert.equal(meanings.get(key), meaning);
    });
  }

  for (const path of DOCUMENTS) {
    it(`${path} names only npm scripts that there are`, () => {
      const { scripts } = JSON.parse(readDocument("package.json")) as { scripts: Record<string, string> };
      const named = [...readDocument(path).matchAll(/\bnpm run ([a-z:-]+)/g)].map(([, name = ""]) => name);
      const unknown = named.filter((name) => !(name in scripts));
      assert.deepEqual(unknown, []);
    });
  }
});

/** The names in the README's table of commands. */
function toldCommands(markdown: string): string[] {
  return markedRows(markdown, "commands").map(([command = ""]) => command.slice("`npx mall ".length, -1));
}

/** Why the journey cannot be played here, or false. */
function missingTool(): string | false {
  const missing = ["sh", "curl", "sed"].filter((tool) => spawnSync(tool, ["--version"]).error !== undefined);
  return missing.length > 0 && `needs ${missing.join(", ")}`;
}
