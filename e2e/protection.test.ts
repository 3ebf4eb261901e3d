import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openRedisClient } from "@mall/kit/cache";
import { redisKeyConfig } from "@mall/kit/config";
import {
  startMariadb,
  startRedis,
  type TestMysql,
  type TestRedis,
  until,
  whyNoMysql,
  whyNoRedis,
} from "@mall/kit/testing";
import { startTestMall, type TestMall } from "./support/mall.ts";
import { gatewayUrls, newCustomer, newMobile, PASSWORD, type Person } from "./support/people.ts";
import { type SpawnedMall, spawnMall } from "./support/spawned-mall.ts";

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly reason: unknown;
  readonly ms: number;
}

async function post(url: string, path: string, body: object, from?: string): Promise<Answer> {
  const startedAt = performance.now();
  const forwarded = from === undefined ? {} : { "x-forwarded-for": from };
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...forwarded },
    body: JSON.stringify(body),
  });
  const { reason } = (await response.json()) as { reason?: unknown };
  const { status, headers } = response;
  return { status, retryAfter: headers.get("retry-after"), reason, ms: performance.now() - startedAt };
}

function register(url: string, from?: string): Promise<Answer> {
  const body = { name: "many", gender: 0, mobile: newMobile(), password: PASSWORD };
  return post(url, "/api/user/register", body, from);
}

describe("one client that asks too often", () => {
  const LIMIT = 5;
  let mall: TestMall;
  let customer: Person;

  before(async () => {
    mall = await startTestMall({
      mode: "pro",
      blocks: {
        TrustedProxies: ["127.0.0.1"],
        User: { RateLimit: { LoginPerMinute: LIMIT, RegisterPerMinute: LIMIT } },
      },
    });
    customer = await newCustomer(gatewayUrls(mall.url));
  });
  after(() => mall.stop());

  const login = (from: string): Promise<Answer> =>
    post(mall.url, "/api/user/login", { mobile: newMobile(), password: PASSWORD }, from);

  for (const [what, attempt, usual] of [
    ["logins", login, 404],
    ["registrations", (from: string) => register(mall.url, from), 200],
  ] as const) {
    it(`gets no more ${what} in a minute, is told when to come again, and others are served`, async () => {
      const statuses: number[] = [];
      for (let index = 0; index < LIMIT; index += 1) statuses.push((await attempt("192.0.2.1")).status);
      assert.deepEqual(
        statuses,
        Array.from({ length: LIMIT }, () => usual),
      );
      const refused = await attempt("192.0.2.1");
      assert.deepEqual([refused.status, refused.reason], [429, "CLIENT_LIMITED"]);
      assert.ok(Number(refused.retryAfter) >= 1 && Number(refused.retryAfter) <= 60);
      assert.equal((await attempt("192.0.2.2")).status, usual);
      assert.equal((await customer.user.userInfo()).id, customer.uid);
    });
  }

  it("counts as one, whichever addresses of its IPv6 network it takes", async () => {
    const answers: number[] = [];
    for (let index = 0; index <= LIMIT; index += 1) {
      answers.push((await login(`2001:db8::${index + 1}`)).status);
    }
    assert.deepEqual(answers.slice(-2), [404, 429]);
    assert.equal((await login("2001:db8:0:1::1")).status, 404);
  });
});

describe("guesses of a password, spread over instances", {
  skip: whyNoRedis() ?? whyNoMysql() ?? false,
}, () => {
  const GUESSES_MAX = 10;
  let mariadb: TestMysql;
  let redis: TestRedis;
  let malls: SpawnedMall[];

  before(async () => {
    const started = await startMariadb();
    if ("skipped" in started) throw new Error(started.skipped);
    mariadb = started;
    redis = await startRedis();
    const blocks = { RowCache: "unused" };
    const shared = { dataSource: await mariadb.createDatabase(), cacheRedis: redis.host, blocks };
    malls = [await spawnMall(shared), await spawnMall(shared)];
  });
  after(async () => {
    await Promise.all(malls.map((mall) => mall.stop()));
    await Promise.all([mariadb.stop(), redis.stop()]);
  });

  /** An instance counts in Redis once it is connected. */
  const untilShared = async (url: string): Promise<void> => {
    const client = await openRedisClient(redisKeyConfig.parse({ Host: redis.host, Key: "none" }));
    await until("attempts are counted in Redis", async () => {
      const mobile = newMobile();
      await post(url, "/api/user/register", { name: "early", gender: 0, mobile, password: PASSWORD });
      return (await client.exists(`mall:attempts:register-account:${mobile}`).catch(() => 0)) > 0;
    });
    client.disconnect();
  };

  it("are as many as one instance allows; while Redis is away each goes by its own count and refuses nobody else", async () => {
    const [first, second] = malls.map(({ url }) => url);
    assert.ok(first !== undefined && second !== undefined);
    const mobile = newMobile();
    const body = { name: "guessed", gender: 0, mobile, password: PASSWORD };
    assert.equal((await post(first, "/api/user/register", body)).status, 200);
    const guess = (url: string, password = "a wrong one") =>
      post(url, "/api/user/login", { mobile, password });
    for (const url of [first, second]) await untilShared(url);
    const reasons: unknown[] = [];
    for (let index = 0; index < GUESSES_MAX; index += 1) {
      reasons.push((await guess(index % 2 === 0 ? first : second)).reason);
    }
    assert.deepEqual(new Set(reasons), new Set(["WRONG_PASSWORD"]));
    for (const url of [first, second]) {
      const { status, reason } = await guess(url, PASSWORD);
      assert.deepEqual([status, reason], [429, "LOGIN_LIMITED"]);
    }
    await redis.kill();
    const { status, ms } = await guess(first, PASSWORD);
    assert.equal(status, 200, "it made five of its own ten guesses");
    assert.ok(ms < 2000, `answered after ${ms.toFixed()} ms`);
  });
});

describe("a storm of passwords to hash", () => {
  const REGISTRATIONS = 200;
  let mall: TestMall;
  let customers: Person[];

  before(async () => {
    mall = await startTestMall();
    customers = [];
    for (let index = 0; index < 3; index += 1) customers.push(await newCustomer(gatewayUrls(mall.url)));
  });
  after(() => mall.stop());

  it("is turned away at once as far as it cannot be served, and everything else goes on", async () => {
    let isOver = false;
    const storm = Promise.all(Array.from({ length: REGISTRATIONS }, () => register(mall.url)));
    const passed = storm.then(() => {
      isOver = true;
    });
    let answeredMeanwhile = 0;
    for (let index = 0; index < 30; index += 1) {
      // Each is given up, and fails here, after the 3 s that any request has.
      await Promise.all(customers.map((customer) => customer.user.userInfo()));
      if (!isOver) answeredMeanwhile += 1;
    }
    await passed;
    const answers = await storm;
    const busy = answers.filter(({ reason }) => reason === "PASSWORDS_BUSY");
    assert.ok(busy.length > REGISTRATIONS / 2, `${busy.length} of ${REGISTRATIONS} turned away`);
    for (const { status, retryAfter } of busy) assert.deepEqual([status, retryAfter], [429, "1"]);
    assert.ok(
      answers.some(({ status }) => status === 200),
      "some were served",
    );
    // How quick they are is the bench's to say.
    assert.ok(answeredMeanwhile > 0, "nobody else was answered before the storm was over");
    await newCustomer(gatewayUrls(mall.url));
  });
});
