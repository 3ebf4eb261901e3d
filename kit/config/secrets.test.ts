// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is the syntax under test.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { apiProcessConfig, mysqlConfig } from "./blocks/mall.ts";
import { cacheConfig } from "./blocks/redis.ts";
import { restConfig } from "./blocks/rest.ts";
import { rpcClientConfig, rpcServerConfig } from "./blocks/rpc.ts";
import { type KeySchema, keySchemaOf } from "./key-schema.ts";
import { readConfig } from "./load-config.ts";
import { fileWith } from "./test-file.ts";

const schema = z.object({
  Auth: apiProcessConfig.shape.Auth,
  Timeout: z.int().default(0),
  Health: z.boolean().default(true),
  Hosts: z.array(z.string()).default([]),
  Mysql: mysqlConfig.optional(),
});

function read(text: string, environment: Readonly<Record<string, string>> = {}) {
  return readConfig(fileWith(text), schema, environment).config;
}

function secretOf(written: string, environment: Readonly<Record<string, string>> = {}): string {
  return read(`Auth: { AccessSecret: '${written}' }`, environment).Auth.AccessSecret;
}

describe("variables of the environment", () => {
  it("stand between braces, anywhere in a text", () => {
    assert.equal(secretOf("${SECRET}", { SECRET: "a: 'b' # c" }), "a: 'b' # c");
    assert.equal(secretOf("root:${P1}@${P2}/mall", { P1: "pa$$", P2: "${P1}" }), "root:pa$$@${P1}/mall");
    assert.deepEqual(read("Auth: { AccessSecret: 12345678x }\nHosts: ['${H}:1']", { H: "etcd" }).Hosts, [
      "etcd:1",
    ]);
  });

  it("need their braces: any other dollar sign is one", () => {
    for (const text of ["$SECRET$HOME", "pass$$word", "12345678$", "12345678${", "$(SECRET)xx"]) {
      assert.equal(secretOf(text, { SECRET: "no", HOME: "no" }), text);
    }
    assert.equal(secretOf("$${SECRET}", { SECRET: "no" }), "${SECRET}");
    assert.equal(secretOf("$$${SECRET}", { SECRET: "no" }), "$${SECRET}");
  });

  it("become a number or a switch where the key wants one, and stay a text where it wants a text", () => {
    const config = read("Timeout: ${T}\nHealth: ${H}\nAuth: { AccessSecret: '${S}' }", {
      T: "2500",
      H: "no",
      S: "0012345678",
    });
    assert.deepEqual([config.Timeout, config.Health, config.Auth.AccessSecret], [2500, false, "0012345678"]);
  });

  it("end the start when they are not set, or no variables", () => {
    assert.throws(() => secretOf("${SECRET}"), {
      reason: "CONFIG_UNUSABLE",
      message: /test\.yaml: Auth\.AccessSecret needs the environment variable SECRET, which is not set$/,
    });
    for (const text of ["${}", "${A-B}", "${A:-default}", "${1}"]) {
      assert.throws(() => secretOf(text), { message: /AccessSecret: "\$\{" must begin a variable/ }, text);
    }
  });

  it("are not looked for in keys that are unknown or change nothing", () => {
    const { Mysql, CacheRedis } = apiProcessConfig.shape;
    const api = z.object({ Mysql, CacheRedis });
    const { config } = readConfig(fileWith("Mysql: { DataSource: '${NONE}' }\nOther: ${NONE}"), api, {});
    assert.deepEqual(config.Mysql, { DataSource: "${NONE}" });
  });
});

describe("a value from elsewhere that breaks a rule", () => {
  it("is refused with where it came from, and is not shown", () => {
    const variable = read.bind(undefined, "Auth: { AccessSecret: '${SHORT}' }", { SHORT: "s3cret" });
    assert.throws(variable, { message: /Auth\.AccessSecret \(from \$\{SHORT\}\)[^3]*$/ });
    assert.throws(() => read(`Auth: { AccessSecretFile: ${fileWith("s3cret\n", "secret")} }`), {
      message: /Auth\.AccessSecret \(from AccessSecretFile\)(?!.*s3cret)/,
    });
    assert.throws(() => secretOf("s3cret"), { message: /Auth\.AccessSecret(?!.*(?:from|s3cret))/ });
  });
});

describe("a secret's file", () => {
  it("gives the secret, without the line's end", () => {
    const file = fileWith("s3cret: with $5\n", "secret");
    assert.equal(read(`Auth: { accesssecretfile: ${file} }`).Auth.AccessSecret, "s3cret: with $5");
    assert.equal(
      read("Auth: { AccessSecretFile: '${F}' }", { F: file }).Auth.AccessSecret,
      "s3cret: with $5",
    );
  });

  it("stands for the key, so there may be only one of them", () => {
    assert.throws(() => read("Auth: { AccessSecret: 12345678x, AccessSecretFile: x }"), {
      message: /Auth\.AccessSecret is given twice, as AccessSecret and AccessSecretFile$/,
    });
  });

  it("must be there and hold something", () => {
    assert.throws(() => read("Auth: { AccessSecretFile: nowhere }"), {
      message: /Auth\.AccessSecretFile: the file cannot be read \(ENOENT\)$/,
    });
    assert.throws(() => read(`Auth: { AccessSecretFile: ${fileWith("\n", "secret")} }`), {
      message: /Auth\.AccessSecretFile: the file is empty$/,
    });
    assert.throws(() => read("Auth: { AccessSecretFile: }"), {
      message: /AccessSecretFile must name a file$/,
    });
  });

  it("is only for secrets", () => {
    const { notes } = readConfig(fileWith("Auth: { AccessSecret: 12345678x }\nTimeoutFile: x"), schema, {});
    assert.deepEqual(
      notes.map((note) => note.level),
      ["warn"],
    );
  });
});

describe("a secret", () => {
  const MARKER = "MARKER-5ecr3t";
  const whole = rpcServerConfig.safeExtend({
    Mysql: mysqlConfig,
    CacheRedis: cacheConfig,
    UserRpc: rpcClientConfig,
    Auth2: apiProcessConfig.shape.Auth,
  });
  const everything = {
    Name: "pay.rpc",
    ListenOn: ":9003",
    Etcd: { Hosts: ["a:1"], Key: "pay.rpc", User: "u", Pass: MARKER },
    Redis: { Host: "a:1", Key: "apps", Pass: MARKER },
    Mysql: { DataSource: MARKER },
    CacheRedis: [{ Host: "a:1", Pass: MARKER }],
    UserRpc: { Token: MARKER, Etcd: { Key: "user.rpc" } },
    Auth2: { AccessSecret: MARKER },
    Telemetry: { Endpoint: MARKER, OtlpHeaders: { "x-dsn": MARKER } },
  };

  it("is marked wherever the schemas have one", () => {
    const secrets = [...secretsIn(keySchemaOf(whole), "")];
    assert.deepEqual(secrets.toSorted(), [
      "Auth2.AccessSecret",
      "CacheRedis[].Pass",
      "Etcd.Pass",
      "Mysql.DataSource",
      "Redis.Pass",
      "Telemetry.Endpoint",
      "Telemetry.OtlpHeaders",
      "UserRpc.Etcd.Pass",
      "UserRpc.Token",
    ]);
  });

  it("is in no error and no note, whatever is wrong with the file", () => {
    assert.equal(readConfig(fileWith(JSON.stringify(everything), "test.json"), whole, {}).notes.length, 0);
    const said = wrongFiles(everything).flatMap((text) => [
      ...outcome(fileWith(text, "test.json")),
      ...outcome(fileWith(text.replaceAll('"', ""), "test.yaml")),
      ...outcome(fileWith(text.replaceAll(MARKER, "${MARKER}"), "test.json")),
    ]);
    assert.ok(said.length > 100, `only ${said.length} outcomes`);
    assert.deepEqual(
      said.filter((text) => text.includes(MARKER)),
      [],
    );
  });

  /** What is said about a file: the notes, or the error with all that it carries. */
  function outcome(path: string): string[] {
    try {
      return readConfig(path, whole, { MARKER }).notes.map((note) => note.text);
    } catch (error) {
      const { message, cause } = error as Error;
      return [`${message} ${String(cause)} ${JSON.stringify(error)}`];
    }
  }

  /** Files in which each value in turn has the wrong type, stands in the wrong place or is cut off. */
  function wrongFiles(values: object): string[] {
    const good = JSON.stringify(values);
    const cut = Array.from({ length: 20 }, (_, index) =>
      good.slice(0, Math.floor((good.length * index) / 20)),
    );
    const mistyped = Object.keys(values).flatMap((key) =>
      [MARKER, [MARKER], [[MARKER]], { [key]: MARKER }, { Pass: [MARKER] }, 5, null].map((value) =>
        JSON.stringify({ ...values, [key]: value }),
      ),
    );
    const marked = ["*", "&", "!", "%", "@", "- ", "\t", "'", "{", "[", "|", "? "].map((sign) =>
      good.replaceAll(MARKER, `${sign}${MARKER}`),
    );
    return [...cut, ...mistyped, ...marked];
  }
});

function* secretsIn(schema: KeySchema, path: string): Iterable<string> {
  if (schema.secret === true) yield path;
  if (schema.items !== undefined) yield* secretsIn(schema.items, `${path}[]`);
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    yield* secretsIn(inner, path === "" ? key : `${path}.${key}`);
  }
}

describe("a key that is not built", () => {
  const schemas = { rest: restConfig, rpc: rpcServerConfig, client: rpcClientConfig };
  for (const [name, each] of Object.entries(schemas)) {
    it(`is refused with its reason, ${name}`, () => {
      const keys = [...refusedIn(keySchemaOf(each), [])];
      for (const [path, why] of keys) {
        // What an Etcd block must have stands in every block: elsewhere it is ignored.
        const around = (inner: unknown, key: string): object => ({ Hosts: ["a:1"], Key: "k", [key]: inner });
        const values = path.reduceRight<object>(around, { Any: 1 });
        const file = fileWith(JSON.stringify({ Name: "x", Port: 1, ListenOn: ":1", ...values }), "test.json");
        const message = `config file ${file}: ${path.join(".")} is not supported: ${why}; remove it`;
        assert.throws(() => readConfig(file, each, {}), { message });
      }
      assert.ok(keys.length > 0);
    });
  }

  it("may be given where it asks for nothing", () => {
    const text =
      "Name: x\nPort: 1\nVerbose: false\nMiddlewares: { Recover: true }\nDevServer: { EnablePprof: false }";
    assert.equal(readConfig(fileWith(text), restConfig, {}).config.Verbose, false);
  });

  it("is refused by its option too", () => {
    const log = (text: string): unknown =>
      readConfig(fileWith(`Name: x\nPort: 1\nLog: ${text}`), restConfig, {});
    assert.throws(() => log("{ Mode: file }"), {
      message: /Log\.Mode is not supported but as console: .*; remove it$/,
    });
    assert.throws(() => log("{ Mode: paper }"), {
      message: /Log\.Mode: expected one of console, file, volume/,
    });
  });
});

function* refusedIn(schema: KeySchema, path: readonly string[]): Iterable<[readonly string[], string]> {
  if (schema.state === "refused") yield [path, schema.why ?? ""];
  for (const [key, inner] of Object.entries(schema.properties ?? {})) yield* refusedIn(inner, [...path, key]);
}
