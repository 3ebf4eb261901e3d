import assert from "node:assert/strict";
import { test } from "node:test";
import { checkConfig } from "@mall/kit/config";
import {
  type ApiProcess,
  type ApiProcessConfig,
  apiExposures,
  type Exposure,
  type RpcProcess,
  type RpcProcessConfig,
  rpcExposures,
} from "@mall/kit/process";
import { orderApi } from "@mall/order/api/main";
import { payRpc } from "@mall/pay/rpc/main";
import { userApi } from "@mall/user/api/main";
import { userRpc } from "@mall/user/rpc/main";
import { runMall, startCommand } from "./testing/run-mall.ts";
import { testFolder, writeConfig } from "./testing/test-mall.ts";

const NEIGHBOURS = { UserRpc: {}, ProductRpc: {}, OrderRpc: {}, PayRpc: {} };
const SECRET = "uOvKLmVfztaXGpNYd4Z0I1SiT7MweJhl";
const SALT = "HWVOFkGgPTryzICwd7qnJaZR9KQ2i8xe";
const SANDBOX = {
  Gateway: "http://bank.test/sandbox",
  Secret: "a secret of the two sides",
  NotifyUrl: "http://mall.test/api/pay/notify/sandbox",
};

function textOf(exposures: readonly Exposure[]): string {
  return exposures.map(({ text, fix }) => `${text}; ${fix}`).join("\n");
}

function ofRpc<Config extends RpcProcessConfig, Client>(
  process: RpcProcess<Config, Client>,
  values: object,
): string {
  const own = { Name: process.name, Mysql: { DataSource: "sqlite:none" }, ListenOn: "127.0.0.1:1" };
  return textOf(
    rpcExposures(process, checkConfig("(test)", { ...own, ...NEIGHBOURS, ...values }, process.config)),
  );
}

function ofApi<Config extends ApiProcessConfig>(process: ApiProcess<Config>, values: object): string {
  const own = { Name: process.name, Host: "127.0.0.1", Port: 1, Auth: { AccessSecret: "not published" } };
  return textOf(
    apiExposures(process, checkConfig("(test)", { ...own, ...NEIGHBOURS, ...values }, process.config)),
  );
}

test("a split process says what of it is open to others, as a mall in one process does, and nothing where nothing is", () => {
  const published = /is the one of go-zero-mall's published files/;
  assert.match(ofApi(userApi, { Auth: { AccessSecret: SECRET } }), published);
  assert.match(ofApi(orderApi, { Auth: { AccessSecret: SECRET } }), published);
  assert.match(ofRpc(userRpc, { Salt: SALT }), /^Salt is the one of go-zero-mall's published files/);
  assert.match(
    ofRpc(userRpc, { ListenOn: "0.0.0.0:1" }),
    /^user\.rpc listens on 0\.0\.0\.0 and asks no caller/,
  );
  const tried = ofRpc(userRpc, { Mode: "dev", ListenOn: "0.0.0.0:1", Salt: SALT });
  assert.match(
    tried,
    /^user\.rpc: Mode dev on 0\.0\.0\.0, which others reach: the first to register becomes admin; /m,
  );
  assert.doesNotMatch(tried, /Salt/);
  assert.match(
    ofApi(userApi, { Mode: "test", Host: "0.0.0.0" }),
    /^user\.api: Mode test on 0\.0\.0\.0, .* not counted by address; /,
  );
  assert.match(
    ofRpc(payRpc, { Channels: { Sandbox: SANDBOX } }),
    /^Channels\.Sandbox pays at http:\/\/bank\.test\/sandbox, a bank that takes no money/,
  );
  assert.equal(ofRpc(payRpc, { Mode: "dev", Channels: { Sandbox: SANDBOX } }), "");
  assert.equal(ofRpc(userRpc, { Mode: "dev" }), "");
  assert.equal(ofRpc(payRpc, {}), "");
  assert.equal(ofApi(userApi, { Host: "0.0.0.0" }), "");
});

test("its log says so at the start, and the doctor before it", { timeout: 120_000 }, async (t) => {
  const folder = testFolder(t);
  const config = writeConfig(folder, "user.yaml", {
    Name: "user.rpc",
    ListenOn: "127.0.0.1:0",
    Mysql: { DataSource: `sqlite:${folder}/mall.db` },
    Salt: SALT,
  });
  assert.equal((await runMall(["migrate", "-f", config], { cwd: folder })).code, 0);
  const running = startCommand(["serve", "user.rpc", "-f", config], { cwd: folder });
  t.after(async () => {
    running.process.kill("SIGKILL");
    await running.finished;
  });
  await running.output("stderr", /"level":"warn".*Salt is the one of go-zero-mall's published files/);
  assert.match((await runMall(["doctor", "-f", config], { cwd: folder })).stdout, /Salt is the one of/);
});
