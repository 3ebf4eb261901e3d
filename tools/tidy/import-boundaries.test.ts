import { test } from "node:test";
import { importBoundaries } from "./import-boundaries.ts";
import { assertFinds, plantFiles } from "./planted.ts";

const manifests = { "package.json": "{}", "kit/package.json": "{}", "services/pay/package.json": "{}" };

test("an api file may not reach the model, the rpc logic or another service's insides", () => {
  const text = [
    'import { a } from "../../model/pay-model.ts";',
    'import type { b } from "../../rpc/logic/create.ts";',
    'import { c } from "@mall/order/rpc/main";',
    'import { d } from "@mall/order/rpc";',
    'import { e } from "@mall/order/rpc/errors";',
    'import { f } from "@mall/kit/errors";',
    'import { g } from "../context.ts";',
  ].join("\n");
  const path = "services/pay/api/logic/create.ts";
  assertFinds(importBoundaries, plantFiles({ ...manifests, [path]: text }), [
    `${path}:1`,
    `${path}:2`,
    `${path}:3`,
  ]);
});

test("a model may import neither rpc nor a transport of the kit", () => {
  const path = "services/pay/model/pay-model.ts";
  const text =
    'import { x } from "../rpc/errors.ts";\nexport * from "@mall/kit/rest";\nimport "@mall/kit/store";\n';
  assertFinds(importBoundaries, plantFiles({ ...manifests, [path]: text }), [`${path}:1`, `${path}:2`]);
});

test("what decides about money knows of channels by their interface alone, and no room calls a method", () => {
  const path = "services/pay/receipt/take-money.ts";
  const text = [
    'import type { PaidTrade } from "../channels/channel.ts";',
    'import { createSandboxChannel } from "../channels/sandbox/sandbox-channel.ts";',
    'import { shutOpen } from "../attempt/shut-open.ts";',
    'import { refund } from "../rpc/logic/refund.ts";',
  ].join("\n");
  assertFinds(importBoundaries, plantFiles({ ...manifests, [path]: text }), [`${path}:2`, `${path}:4`]);
});

test("what a DTM server asks for stands beside the main road: no room leads there", () => {
  const text =
    'import { writeOrder } from "../create/new-order.ts";\nimport { x } from "../dtm/branch-orders.ts";\n';
  const files = {
    "services/pay/create/check-order.ts": text,
    "services/pay/dtm/branch-orders.ts": text,
    "services/pay/rpc/main.ts": 'import { x } from "../dtm/branch-orders.ts";\n',
  };
  assertFinds(importBoundaries, plantFiles({ ...manifests, ...files }), [
    "services/pay/create/check-order.ts:2",
  ]);
});

test("generated files stand on the kit, on each other and on the logic alone", () => {
  const path = "services/pay/rpc/gen/server.ts";
  const text = 'import "../logic/create.ts";\nimport "./pay.ts";\nimport "../errors.ts";\nimport "zod";\n';
  assertFinds(importBoundaries, plantFiles({ ...manifests, [path]: text }), [`${path}:3`, `${path}:4`]);
});

test("the kit and the code generator know no service", () => {
  const files = {
    "kit/rpc/client.ts": 'await import("@mall/pay/rpc");',
    "codegen/cli.ts": 'import "@mall/kit/errors";',
  };
  assertFinds(importBoundaries, plantFiles({ ...manifests, ...files }), [
    "kit/rpc/client.ts:1",
    "codegen/cli.ts:1",
  ]);
});

test("no file, a test neither, climbs out of its package", () => {
  const path = "services/pay/rpc/main.test.ts";
  const text = 'import "../../../kit/errors/index.ts";\nimport "../api/main.ts";\n';
  assertFinds(importBoundaries, plantFiles({ ...manifests, [path]: text }), [`${path}:1`]);
});

test("a source file in a folder the table does not name is an error", () => {
  assertFinds(importBoundaries, plantFiles({ ...manifests, "helpers/x.ts": "" }), ["helpers/x.ts:0"]);
});

test("a command may take the launcher by path and nothing else of the tools", () => {
  const text = 'import { launch } from "../../tools/launch.js";\nimport "../../tools/generate.ts";\n';
  const files = plantFiles({ "package.json": "{}", "cli/package.json": "{}", "cli/bin/mall.js": text });
  assertFinds(importBoundaries, files, ["cli/bin/mall.js:2", "cli/bin/mall.js:2"]);
});

test("the repository's own folders may reach packages by path, each only what it is there for", () => {
  const text =
    'import "../cli/processes.ts";\nimport "../services/pay/model/pay-model.ts";\nimport "../e2e/support/mall.ts";\n';
  const files = plantFiles({ ...manifests, "bench/fill.ts": text });
  assertFinds(importBoundaries, files, ["bench/fill.ts:2", "bench/fill.ts:3"]);
});

test("the channels' other side shares nothing with the adapters", () => {
  const path = "channel-sim/wechat/seal.ts";
  const text = [
    'import { sign } from "../../services/pay/channels/wechat/sign.ts";',
    'import { sandboxRoutes } from "@mall/pay/sandbox/bank";',
    'import { signRsa } from "../core/pem-keys.ts";',
    'import { Turns } from "@mall/kit/resilience";',
  ].join("\n");
  const files = { "channel-sim/package.json": "{}", [path]: text };
  // The first is out of its package and out of bounds.
  assertFinds(importBoundaries, plantFiles({ ...manifests, ...files }), [
    `${path}:1`,
    `${path}:1`,
    `${path}:2`,
  ]);
});
