import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Logger, silentLogger } from "@mall/kit/log";
import { noopObserver, type Observer } from "@mall/kit/observe";
import { AttemptLimiter, SharedAttemptLimiter } from "@mall/kit/resilience";
import { systemRuntime } from "@mall/kit/runtime";
import { until, whyNoRedis } from "@mall/kit/testing";
import { begun, SteeredRow, TEST_PREFIX, TestCaches, untilTrusted } from "./test-cache.ts";

/** The commands that the document gives to the cache's user. */
function documentedCommands(): string[] {
  const text = readFileSync(join(import.meta.dirname, "../../docs/configuration.md"), "utf8");
  const list = /and the commands `([A-Z ]+)`/.exec(text)?.[1];
  assert.ok(list !== undefined, "the document has the list");
  return list.split(" ");
}

function userWith(commands: readonly string[]): string {
  return `--user fred on >word ~* -@all ${commands.map((command) => `+${command.toLowerCase()}`).join(" ")}`;
}

const USER = { User: "fred", Pass: "word" };

describe("a cache whose user has the documented commands and no others", {
  skip: whyNoRedis() ?? false,
}, () => {
  it("serves hits, guards writes, counts attempts, and recovers from a restart", async () => {
    const caches = await TestCaches.start([userWith(documentedCommands())]);
    try {
      const nodes = [{ Host: caches.redis.host, ...USER }];
      const cache = await caches.openTrusted({ nodes });
      const row = new SteeredRow("old");
      const key = `${TEST_PREFIX}id:1`;
      assert.equal(await cache.take(key, row.source), "old");
      const write = await begun(cache, [key]);
      row.value = "new";
      await write.end(true);
      const go = caches.connect();
      await until("the new row is in Redis", async () => {
        assert.equal(await cache.take(key, row.source), "new");
        return (await go.get(key)) === "new";
      });
      // What is no text is taken away, a missing row leaves none, and an attempt is given back.
      const list = `${TEST_PREFIX}id:2`;
      await go.lpush(list, "element");
      await until(
        "the list has given way to a text",
        async () => (await cache.take(list, row.source)) === "new" && (await go.type(list)) === "string",
      );
      assert.equal(await cache.take(`${TEST_PREFIX}id:3`, new SteeredRow(undefined).source), undefined);
      const count = { name: "acl", attemptsMax: 2, windowMs: 60_000 };
      const own = new AttemptLimiter({ runtime: systemRuntime, keysMax: 100, ...count });
      const limiter = new SharedAttemptLimiter(own, cache.attempts(count));
      const taken = await limiter.count("a");
      for (const expected of [true, false]) assert.equal((await limiter.take("a")) === 0, expected);
      taken.giveBack();
      await until("the attempt is given back", async () => (await go.get("mall:attempts:acl:a")) === "1");
      limiter.clear("a");
      await until("the attempts are forgotten", async () => (await go.exists("mall:attempts:acl:a")) === 0);
      await caches.redis.kill();
      await caches.redis.restart();
      await untilTrusted(cache);
    } finally {
      await caches.stop();
    }
  });

  it("needs no command that the document does not name", () => {
    const known = new Set(documentedCommands());
    const sources = readdirSync(import.meta.dirname).filter(
      (name) => name.endsWith(".ts") && !/test/.test(name),
    );
    for (const name of sources) {
      const text = readFileSync(join(import.meta.dirname, name), "utf8");
      for (const [, command = ""] of text.matchAll(/redis\.p?call\('([A-Z]+)'/g)) {
        assert.ok(known.has(command), `${name} runs ${command} in a script`);
      }
    }
  });
});

const REFUSING = [
  [
    "MGET is missing",
    [userWith(documentedCommands().filter((each) => each !== "MGET"))],
    USER,
    "its user may not run MGET",
  ],
  [
    "a script's command is missing",
    [userWith(documentedCommands().filter((each) => each !== "SET"))],
    USER,
    "its user may not run",
  ],
  ["the password is wrong", ["--requirepass secret"], { Pass: "wrong" }, "it does not accept User and Pass"],
  ["the password is missing", ["--requirepass secret"], {}, "it does not accept User and Pass"],
  ["it is no cluster", [], { Type: "cluster" }, "it is no cluster: set Type to node"],
  ["it is a replica", ["--replicaof 127.0.0.1 1", "--replica-serve-stale-data yes"], {}, "it is a replica"],
] as const;

describe("a Redis that answers and refuses", { skip: whyNoRedis() ?? false }, () => {
  for (const [what, options, more, meaning] of REFUSING) {
    it(`is told with its reason, in one line of the log and a metric, where ${what}`, async () => {
      const lines: string[] = [];
      const log: Logger = {
        ...silentLogger,
        info: (_, text) => void lines.push(text),
        warn: (_, text) => void lines.push(text),
        child: () => log,
      };
      let read: () => Promise<readonly { labels: readonly string[]; value: number }[]> = async () => [];
      const observer: Observer = {
        ...noopObserver,
        gauge: (definition, reader) => {
          if (definition.name === "mall_cache_node_used") read = reader;
        },
      };
      const caches = await TestCaches.start([...options]);
      try {
        const cache = await caches.open({ log, observer, nodes: [{ Host: caches.redis.host, ...more }] });
        const row = new SteeredRow("row");
        const told = (): string[] => lines.filter((line) => line.startsWith("the cache cannot be used"));
        await until("the log tells that the cache cannot be used", async () => {
          assert.equal(await cache.take(`${TEST_PREFIX}id:1`, row.source), "row");
          return told().length > 0;
        });
        assert.ok(told()[0]?.includes(meaning), told()[0]);
        const [node] = await read();
        assert.equal(node?.value, 0);
        assert.ok(node?.labels[1]?.includes(meaning), node?.labels.join());
        assert.equal(told().length, 1);
      } finally {
        await caches.stop();
      }
    });
  }
});
