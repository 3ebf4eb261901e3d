// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how a file names a variable.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type Finished, runMall, startCommand } from "./testing/run-mall.ts";
import {
  closedPort,
  logIn,
  register,
  startMall,
  takenPort,
  testFolder,
  writeAllInOne,
  writeConfig,
} from "./testing/test-mall.ts";

const MARKER = "MARKER5ecr3t";

const blocks = (closed: string): object => ({
  Etcd: { Hosts: [closed], Key: "pay.rpc", User: "root", Pass: MARKER },
  UserRpc: { Endpoints: [closed], App: "pay", Token: MARKER },
  OrderRpc: { Endpoints: [closed], App: "pay", Token: MARKER },
  Channels: {
    Sandbox: {
      Gateway: `http://${closed}/sandbox`,
      Secret: `${MARKER}-of-both`,
      NotifyUrl: `http://${closed}/notify`,
    },
  },
  Telemetry: { Endpoint: `http://mall:${MARKER}@${closed}`, OtlpHeaders: { "x-dsn": MARKER } },
});

/** What a command says until it fails; one that gets ready is stopped. */
async function saidBy(args: readonly string[], cwd: string): Promise<string> {
  const command = startCommand(args, { cwd, env: { MARKER } });
  command.output("stdout", / is ready at /).then(
    () => command.process.kill("SIGTERM"),
    () => {},
  );
  return textOf(await command.finished);
}

function textOf({ stdout, stderr }: Finished): string {
  return stdout + stderr;
}

describe("a secret of the configuration", { concurrency: 2, timeout: 120_000 }, () => {
  const wrongSources: Readonly<Record<string, (closed: string) => string>> = {
    "a database that is away": (closed) => `root:${MARKER}@tcp(${closed})/mall?loc=UTC`,
    "an address without its bracket": (closed) => `root:${MARKER}@tcp(${closed}/mall`,
    "a password with signs of the form": (closed) => `root:${MARKER}/@(${MARKER}?tcp(${closed})/`,
    "a wrong parameter": (closed) => `root:${MARKER}@tcp(${closed})/mall?loc=Nowhere&tls=${MARKER}`,
  };
  for (const [what, dataSource] of Object.entries(wrongSources)) {
    test(`is not told about a data source with ${what}`, async (t) => {
      const folder = testFolder(t);
      const closed = `127.0.0.1:${await closedPort()}`;
      const own = { Name: "pay.rpc", ListenOn: "127.0.0.1:0", Mysql: { DataSource: dataSource(closed) } };
      const file = writeConfig(folder, "pay.yaml", { ...blocks(closed), ...own });
      for (const args of [
        ["serve", "pay.rpc", "-f", file],
        ["doctor", "-f", file],
      ]) {
        const text = await saidBy(args, folder);
        assert.notEqual(text, "");
        assert.ok(!text.includes(MARKER), `${args[0]}: ${text}`);
      }
    });
  }

  test("is not told when etcd, Redis, neighbours or the collector of traces are away", async (t) => {
    const folder = testFolder(t);
    const closed = `127.0.0.1:${await closedPort()}`;
    const dataSource = `sqlite:${join(folder, "mall.db")}`;
    await runMall(["migrate", "--data-source", dataSource], { cwd: folder });
    const redis = { Host: closed, Pass: MARKER };
    const rpc = {
      Name: "pay.rpc",
      ListenOn: "127.0.0.1:0",
      Mysql: { DataSource: dataSource },
      ...blocks(closed),
    };
    const files = [
      rpc,
      { ...rpc, CacheRedis: [redis], Etcd: undefined },
      { ...rpc, Auth: true, Redis: { ...redis, Key: "apps" }, Etcd: undefined },
      { ...rpc, UserRpc: { Etcd: { Key: "user.rpc" }, NonBlock: false } },
    ].map((values, index) => writeConfig(folder, `${index}.yaml`, values));
    for (const file of files) {
      const text = await saidBy(["serve", "pay.rpc", "-f", file], folder);
      assert.notEqual(text, "");
      assert.ok(!text.includes(MARKER), text);
    }
  });

  test("is not told by an api, wherever its secret comes from", async (t) => {
    const folder = testFolder(t);
    const closed = `127.0.0.1:${await closedPort()}`;
    const secretFile = join(folder, "secret");
    writeFileSync(secretFile, MARKER);
    const api = {
      Name: "Pay",
      Host: "127.0.0.1",
      Port: await takenPort(t),
      PayRpc: { Endpoints: [closed], Token: MARKER },
    };
    const auths = [
      { AccessSecret: MARKER },
      { AccessSecret: "${MARKER}" },
      { AccessSecretFile: secretFile },
      { AccessSecretFile: MARKER },
      { AccessSecret: [MARKER] },
      { AccessSecret: "${MARKER}${UNSET}" },
    ];
    for (const [index, Auth] of auths.entries()) {
      const file = writeConfig(folder, `${index}.yaml`, { ...api, Auth });
      const text = await saidBy(["serve", "pay.api", "-f", file], folder);
      assert.match(text, /mall: /);
      assert.ok(!text.includes(MARKER), text);
    }
  });

  test("is not told by an all-in-one that logs all it does", async (t) => {
    const folder = testFolder(t);
    const values = {
      Auth: { AccessSecret: MARKER },
      User: { Api: 0, Rpc: 0, Salt: MARKER },
      Log: { Level: "debug" },
      AccessLog: true,
    };
    const mall = await startMall(t, folder, writeAllInOne(folder, values));
    await register(mall.url);
    const token = await logIn(mall.url);
    mall.process.kill("SIGTERM");
    const text = textOf(await mall.finished);
    assert.match(text, /register/);
    assert.ok(!text.includes(MARKER) && !text.includes(token), text);
  });
});
