import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { telemetryConfig } from "./blocks/observe.ts";
import { cacheConfig } from "./blocks/redis.ts";
import { rpcClientConfig, rpcServerConfig } from "./blocks/rpc.ts";
import { readConfig } from "./load-config.ts";
import { nearestName } from "./nearest-name.ts";
import { fileWith } from "./test-file.ts";

const schema = rpcServerConfig.safeExtend({
  CacheRedis: cacheConfig,
  UserRpc: rpcClientConfig,
  Telemetry: telemetryConfig,
});
const VALUES = {
  Name: "pay.rpc",
  ListenOn: ":9003",
  Log: { Level: "error", StackCooldownMillis: 100 },
  Etcd: { Hosts: ["a:1"], Key: "pay.rpc" },
  CacheRedis: [{ Host: "redis:6379", Weight: 50 }],
  UserRpc: { Etcd: { Key: "user.rpc" }, Middlewares: { Breaker: false } },
  Telemetry: { OtlpHeaders: { "X-Dsn": "one", "x-dsn": "two" } },
};

/** The same values with the letters of every key turned as `turn` says, but not those of the header map. */
function turned(value: unknown, turn: (letter: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => turned(each, turn));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      [...key].map(turn).join(""),
      key === "OtlpHeaders" ? inner : turned(inner, turn),
    ]),
  );
}

function read(values: unknown) {
  return readConfig(fileWith(JSON.stringify(values), "test.json"), schema, {});
}

describe("the keys of a configuration file", () => {
  it("may be written in any case", () => {
    const { config } = read(VALUES);
    assert.deepEqual(config.UserRpc.Etcd?.Hosts, ["a:1"]);
    const flips = fc.infiniteStream(fc.boolean());
    fc.assert(
      fc.property(flips, (stream) => {
        const turn = (letter: string): string => {
          const { value: upper } = stream.next();
          return upper === true ? letter.toUpperCase() : letter.toLowerCase();
        };
        assert.deepEqual(read(turned(VALUES, turn)).config, config);
      }),
      { numRuns: 50 },
    );
  });

  it("keep their case where they are the user's own", () => {
    assert.deepEqual(read(VALUES).config.Telemetry.OtlpHeaders, { "X-Dsn": "one", "x-dsn": "two" });
  });

  it("may not be given twice in different case", () => {
    assert.throws(() => read({ ...VALUES, name: "other" }), {
      message: /: Name is given twice, as Name and name$/,
    });
  });

  it("are noted when they are unknown, with the nearest known name", () => {
    const warnings = (extra: object): string[] =>
      read({ ...VALUES, ...extra })
        .notes.filter((note) => note.level === "warn")
        .map((note) => note.text);
    assert.deepEqual(warnings({}), []);
    assert.deepEqual(warnings({ Timout: 1 }), [
      "Timout is not a known key and is ignored; did you mean Timeout?",
    ]);
    assert.deepEqual(warnings({ Colour: 1 }), ["Colour is not a known key and is ignored"]);
    assert.deepEqual(warnings({ UserRpc: { Endpionts: [] } }), [
      "UserRpc.Endpionts is not a known key and is ignored; did you mean Endpoints?",
    ]);
    assert.deepEqual(warnings({ CacheRedis: [{ Host: "a:1", Wieght: 1 }] }), [
      "CacheRedis[0].Wieght is not a known key and is ignored; did you mean Weight?",
    ]);
  });

  it("are noted, but not as an alarm, when they change nothing", () => {
    const { notes } = read(VALUES);
    assert.deepEqual(notes, [
      {
        level: "info",
        text: "Log.StackCooldownMillis changes nothing: a line carries a stack only with an unexpected error",
      },
    ]);
  });
});

describe("nearestName", () => {
  it("counts letters added, removed, replaced and swapped", () => {
    for (const near of ["timeout", "timout", "tiemout", "ttimeout", "timeoux", "tmieuot"]) {
      assert.equal(nearestName(near, ["Timeout"]), "Timeout", near);
    }
    assert.equal(nearestName("meout", ["Timeout"]), undefined);
    assert.equal(nearestName("", ["abc"]), undefined);
  });

  it("finds a name with any one letter of three wrong", () => {
    const name = fc.string({ minLength: 3, maxLength: 12, unit: fc.constantFrom(..."abcdef") });
    fc.assert(
      fc.property(name, fc.nat(), fc.constantFrom(..."xyz"), (known, place, letter) => {
        const at = place % known.length;
        const mistaken = known.slice(0, at) + letter + known.slice(at + 1);
        assert.equal(nearestName(mistaken, ["zzzzzzzzzzzzzzzz", known]), known);
      }),
    );
  });

  it("gives the nearest of the near ones, in any case, and none that is far", () => {
    assert.equal(nearestName("maxcons", ["MaxConns", "MaxBytes"]), "MaxConns");
    assert.equal(nearestName("Port", ["Host", "Name"]), undefined);
    assert.equal(nearestName("Prot", ["Host", "Port"]), "Port");
  });
});
