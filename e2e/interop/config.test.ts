import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { loadConfig } from "@mall/kit/config";
import { orderApi } from "@mall/order/api/main";
import { orderRpc } from "@mall/order/rpc/main";
import { payApi } from "@mall/pay/api/main";
import { payRpc } from "@mall/pay/rpc/main";
import { productApi } from "@mall/product/api/main";
import { productRpc } from "@mall/product/rpc/main";
import { userApi } from "@mall/user/api/main";
import { userRpc } from "@mall/user/rpc/main";
import { parse } from "yaml";
import { ROOT } from "../support/readme-commands.ts";
import { findGoPrograms } from "./go-programs.ts";

const found = await findGoPrograms();

const PROCESSES = [userRpc, productRpc, orderRpc, payRpc, userApi, productApi, orderApi, payApi];

/** Keys that no file of the mall sets, and which both sides must take to be the same. */
const DEFAULTS = ["Mode", "Timeout", "CpuThreshold", "MaxConns", "MaxBytes", "Auth", "StrictControl"];

/** Blocks of the seed's api files that its own configuration has no place for. */
const LEFTOVER = /^(Mysql|CacheRedis)\b/;

/** Blocks that the seed's files do not have, and go-zero passes over. */
const ADDED: Readonly<Record<string, RegExp>> = {
  "order.api": /^(Pay|User)Rpc\b/,
  "pay.api": /^UserRpc\b/,
  "product.api": /^UserRpc\b/,
};

for (const { version, binary } of found.programs) {
  describe(`our configuration files with go-zero ${version}`, { skip: found.skip }, () => {
    for (const { name, config } of PROCESSES) {
      it(`${name}'s file means the same to it as to us`, async () => {
        const [service = "", layer = ""] = name.split(".");
        const file = join(ROOT, `services/${service}/${layer}/etc/${service}.yaml`);
        const theirs: unknown = JSON.parse(
          (await promisify(execFile)(binary, ["config", name, file])).stdout,
        );
        const ours: unknown = loadConfig(file, config);
        const set = leavesOf(parse(readFileSync(file, "utf8"))).filter(
          (path) => (layer === "rpc" || !LEFTOVER.test(path)) && ADDED[name]?.test(path) !== true,
        );
        assert.ok(set.length > 3);
        for (const path of set) assert.deepEqual(valueAt(theirs, path), valueAt(ours, path), path);
        for (const path of DEFAULTS.filter((key) => valueAt(theirs, key) !== undefined)) {
          const value = valueAt(ours, path);
          assert.deepEqual(valueAt(theirs, path), value, path);
        }
      });
    }
  });
}

/** The paths of everything that is not a block, e.g. `Etcd.Hosts.0`. */
function leavesOf(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, path === "" ? key : `${path}.${key}`),
  );
}

function valueAt(root: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      root,
    );
}
