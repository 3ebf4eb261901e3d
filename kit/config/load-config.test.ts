import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { apiProcessConfig } from "./blocks/mall.ts";
import { restConfig } from "./blocks/rest.ts";
import { rpcClientConfig, rpcServerConfig } from "./blocks/rpc.ts";
import { loadConfig, readConfig } from "./load-config.ts";
import { fileWith } from "./test-file.ts";

const REST = "Name: Pay\nPort: 8003\n";
const RPC = "Name: pay.rpc\nListenOn: 0.0.0.0:9003\n";

function rest(text: string, name?: string) {
  return loadConfig(fileWith(text, name), restConfig);
}

function rpc(text: string) {
  return loadConfig(fileWith(text), rpcServerConfig);
}

/** The line that a file is refused with, without the folder. */
function refusal(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    return error instanceof Error ? error.message.replace(/\S*\/(?=test\.)/, "") : String(error);
  }
  return "was loaded";
}

describe("loadConfig", () => {
  it("fills go-zero's defaults, and leaves blocks that are not there off", () => {
    const { Log, Shutdown, Middlewares, ...config } = rest(REST);
    assert.partialDeepStrictEqual(config, {
      Name: "Pay",
      Mode: "pro",
      Host: "0.0.0.0",
      Port: 8003,
      CertFile: "",
      KeyFile: "",
      Timeout: 3000,
      MaxBytes: 1048576,
      MaxConns: 10000,
      CpuThreshold: 900,
      TraceIgnorePaths: [],
    });
    assert.equal(config.Telemetry ?? config.Prometheus ?? config.DevServer, undefined);
    assert.deepEqual([Log.Level, Log.Mode, Log.Encoding], ["info", "console", "json"]);
    assert.deepEqual(Shutdown, { WrapUpTime: 1000, WaitTime: 5500 });
    assert.equal(Middlewares.Breaker, true);
  });

  it("fills the defaults of a block that is there but empty", () => {
    const { Telemetry, DevServer, Prometheus } = rest(
      `${REST}Telemetry: {}\nDevServer: {}\nPrometheus: {}\n`,
    );
    assert.deepEqual([Telemetry?.Sampler, Telemetry?.Batcher], [1, "otlpgrpc"]);
    assert.deepEqual([DevServer?.Enabled, DevServer?.Port], [true, 6060]);
    assert.deepEqual(Prometheus, { Host: "", Port: 9101, Path: "/metrics" });
  });

  it("names the file, the line and the rule of broken YAML", () => {
    assert.match(
      refusal(() => rest("Name: Pay\nPort: [8003\n")),
      /^config file test\.yaml:3: .*a bracket is not closed$/,
    );
    assert.match(
      refusal(() => rest("Name: Pay\nName: Pay\n")),
      /test\.yaml:2: a key stands twice/,
    );
    assert.match(
      refusal(() => rest("Name: *pay\n")),
      /an alias \(\*name\) has no anchor above it/,
    );
  });

  it("names the key, what it expects and what it found", () => {
    const line = (text: string): string =>
      refusal(() => rpc(RPC + text)).replace("config file test.yaml: ", "");
    assert.equal(line("Timeout: 2s"), 'Timeout: expected number, found string "2s"');
    assert.equal(line('Timeout: "5"'), 'Timeout: expected number, found string "5"');
    assert.equal(line("Timeout: 1.5"), "Timeout: expected whole number, found number 1.5");
    assert.equal(line("Timeout: -1"), "Timeout: expected at least 0, found number -1");
    assert.equal(line("Timeout:"), "Timeout: expected number, found nothing");
    assert.equal(line("Health: sure"), 'Health: expected boolean, found string "sure"');
    assert.equal(line("Telemetry:"), "Telemetry: expected block, found nothing");
    assert.equal(line("Telemetry: otlp"), "Telemetry: expected block, found string");
    assert.equal(line("MethodTimeouts: {}"), "MethodTimeouts: expected list, found block");
    assert.equal(line("Mode: live"), 'Mode: expected one of dev, test, rt, pre, pro, found string "live"');
    assert.equal(line("Log: { ServiceName: 12 }"), "Log.ServiceName: expected string, found number 12");
    assert.equal(
      line("MethodTimeouts: [{ FullMethod: /a.A/B, Timeout: fast }]"),
      'MethodTimeouts[0].Timeout: must be a duration, e.g. "1.5s" or "500ms"',
    );
  });

  it("says which required key is missing, also deep inside", () => {
    assert.equal(
      refusal(() => rest("Name: Pay\n")),
      'config file test.yaml: field "Port" is not set',
    );
    assert.equal(
      refusal(() => rpc(`${RPC}Etcd: { Key: pay.rpc }`)),
      'config file test.yaml: field "Etcd.Hosts" is not set',
    );
    assert.equal(
      refusal(() => rpc("")),
      'config file test.yaml: field "Name" is not set',
    );
  });

  it("says so when there is no such file, or none that it reads", () => {
    assert.equal(
      refusal(() => loadConfig("nowhere.yaml", restConfig)),
      "config file nowhere.yaml cannot be read (ENOENT): check the path after -f",
    );
    assert.match(
      refusal(() => rest(REST, "test.toml")),
      /its name must end in \.yaml, \.yml or \.json$/,
    );
    assert.equal(
      refusal(() => rest("just words")),
      "config file test.yaml: the file: expected block, found string",
    );
  });

  it("reads YAML 1.1 as Go does", () => {
    assert.equal(rest(`${REST}Middlewares: { Log: no, Trace: Off, Gunzip: y }`).Middlewares.Log, false);
    assert.equal(rest("Name: Pay\nPort: 017523\n").Port, 8019);
    assert.equal(rest("Name: Pay\nPort: 8_003\n").Port, 8003);
    assert.equal(rest("Name: 2022-02-22\nPort: 1").Name, "2022-02-22");
    assert.equal(rest("Name: 1:30\nPort: 1").Name, "1:30");
    assert.equal(
      rest("Base: &base { Level: error }\nName: Pay\nPort: 1\nLog: { <<: *base }").Log.Level,
      "error",
    );
    assert.match(
      refusal(() => rest("Name: yes\nPort: 1")),
      /Name: expected string, found boolean true/,
    );
    assert.match(
      refusal(() => rest("Name: 0123\nPort: 1")),
      /Name: expected string, found number 83/,
    );
  });

  it("takes a key without a value for an empty text", () => {
    assert.equal(rpc(`${RPC}Redis: { Host: a:1, Key: apps, Pass: }`).Redis?.Pass, "");
    assert.equal(rest(`${REST}CertFile:\n`).CertFile, "");
  });

  it("reads .yml and .json files too", () => {
    assert.equal(rest(REST, "test.YML").Port, 8003);
    assert.equal(rest('{\t"Name": "Pay", "Port": 8003}', "test.json").Port, 8003);
    assert.match(
      refusal(() => rest('{\n"Name" "Pay"}', "test.json")),
      /test\.json:2: the file is not JSON$/,
    );
  });

  it("reads durations as Go writes them, a bare number as nanoseconds", () => {
    const wrapUp = (value: string): unknown =>
      rest(`${REST}Shutdown: { WrapUpTime: ${value} }`).Shutdown.WrapUpTime;
    assert.deepEqual(
      ["1s", "1m30s", "250ms", "1.5h", "0", "2000000000", '"0"', "500us"].map(wrapUp),
      [1000, 90_000, 250, 5_400_000, 0, 2000, 0, 0.5],
    );
    for (const wrong of ["-1", "fast", "1 s", "-1s", "s", "1d"]) {
      assert.match(
        refusal(() => wrapUp(wrong)),
        /Shutdown\.WrapUpTime: must be a duration/,
        wrong,
      );
    }
    assert.match(
      refusal(() => wrapUp("true")),
      /WrapUpTime: expected string or number, found boolean true/,
    );
  });

  it("refuses a bare number that was clearly meant in seconds or milliseconds", () => {
    for (const value of [1, 30, 1800, 86_400, 999_999]) {
      assert.match(
        refusal(() => rest(`${REST}Shutdown: { WaitTime: ${value} }`)),
        new RegExp(
          `Shutdown\\.WaitTime: must have its unit, e\\.g\\. "${value}s": a bare number counts nanoseconds`,
        ),
      );
    }
  });

  it("says at the start which numbers were probably meant in another unit, and takes them at their word", () => {
    const read = (text: string) =>
      readConfig(fileWith(`${REST}${text}`), restConfig.safeExtend({ Auth: apiProcessConfig.shape.Auth }));
    const secretText = "AccessSecret: secret-of-tokens";
    const { config, notes } = read(`Timeout: 3\nAuth: { ${secretText}, AccessExpire: 86400000 }\n`);
    assert.deepEqual([config.Timeout, config.Auth.AccessExpire], [3, 86_400_000]);
    assert.deepEqual(
      notes.map(({ level, text }) => `${level} ${text}`),
      [
        "warn Timeout counts milliseconds: 3 is very short; is it meant?",
        "warn Auth.AccessExpire counts seconds: 86400000 is very long; is it meant?",
      ],
    );
    assert.deepEqual(read(`Timeout: 0\nAuth: { ${secretText}, AccessExpire: 86400 }\n`).notes, []);
  });

  it("takes an IPv6 address to listen on with its brackets and without", () => {
    for (const host of ["::1", "[::1]"]) assert.equal(rest(`${REST}Host: "${host}"\n`).Host, "::1");
  });

  it("takes origins as browsers send them, and nothing else for one", () => {
    const cors = (origin: string) => rest(`${REST}Cors: { Origins: ["${origin}"] }`).Cors.Origins;
    for (const origin of ["https://shop.example", "http://localhost:5173", "https://[2001:db8::1]:8443"])
      assert.deepEqual(cors(origin), [origin]);
    for (const wrong of [
      "*",
      "shop.example",
      "https://shop.example/",
      "https://Shop.example",
      "https://a:443",
      "ftp://a",
      "",
    ]) {
      assert.match(
        refusal(() => cors(wrong)),
        /Cors\.Origins\[0\]: must be an origin as browsers send it/,
        wrong,
      );
    }
  });

  it("lets a neighbour's Etcd take what it lacks from the process's own, but not its name", () => {
    const schema = rpcServerConfig.safeExtend({
      UserRpc: rpcClientConfig,
      OrderRpc: rpcClientConfig.optional(),
    });
    const top = `${RPC}Etcd: { Hosts: [a:1], Key: pay.rpc, ID: 7, User: u, Pass: p }\n`;
    const load = (text: string) => loadConfig(fileWith(top + text), schema);
    const { Etcd } = load("UserRpc: { etcd: { key: user.rpc } }").UserRpc;
    assert.deepEqual([Etcd?.Hosts, Etcd?.Key, Etcd?.ID, Etcd?.User], [["a:1"], "user.rpc", 0, "u"]);
    assert.deepEqual(load("UserRpc: { Etcd: { Hosts: [b:1], Key: user.rpc } }").UserRpc.Etcd?.Hosts, ["b:1"]);
    assert.equal(load("UserRpc: { Endpoints: [c:1] }").UserRpc.Etcd, undefined);
    assert.match(
      refusal(() => load("UserRpc: { Etcd: {} }")),
      /field "UserRpc\.Etcd\.Key" is not set/,
    );
  });
});
