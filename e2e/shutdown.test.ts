import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { connectRpcClient } from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import { until } from "@mall/kit/testing";
import { UserService } from "@mall/user/rpc";
import { openConnection, readAll } from "./support/connections.ts";
import { newMobile, PASSWORD } from "./support/people.ts";
import { type RawAnswer, sendRaw } from "./support/raw-http.ts";
import { spawnMall } from "./support/spawned-mall.ts";
import { startSplitMall } from "./support/split.ts";

const ACCOUNT = { name: "late", gender: 0, password: PASSWORD };
/** Four passwords are hashed at a time, so some still wait when the first is done; few enough for a slow machine. */
const REQUESTS = 6;
/** Less than the 5 s that requests in flight may take at most: nothing here needs them. */
const EXIT_MS_MAX = 4500;

describe("a process that is asked to end", () => {
  it("as all-in-one, answers what is in flight, takes nobody new and exits with 0", async () => {
    const mall = await spawnMall();
    try {
      await assertGraceful(mall.url, () => mall.terminate());
    } finally {
      await mall.stop();
    }
  });

  it("as user.api and user.rpc of a split mall, does the same", async () => {
    const mall = await startSplitMall({ dataSource: undefined });
    const users = connectRpcClient({
      definition: UserService,
      endpoints: [mall.rpcAddress("user")],
      timeoutMs: 5000,
      runtime: systemRuntime,
    });
    try {
      await assertGraceful(mall.urls.user, () => mall.terminate("user.api"));
      const calls = Array.from({ length: REQUESTS }, () =>
        users.client.register(backgroundCall(), { ...ACCOUNT, mobile: newMobile() }),
      );
      await Promise.race(calls);
      assert.equal(await mall.terminate("user.rpc"), 0);
      for (const { id } of await Promise.all(calls)) assert.ok(id > 0);
    } finally {
      users.close();
      await mall.stop();
    }
  });

  it("says so to balancers first, and serves until they have had the time to hear of it", async () => {
    const wrapUpMs = 1_500;
    const Shutdown = { WrapUpTime: `${wrapUpMs}ms`, WaitTime: "4s" };
    const mall = await spawnMall({ blocks: { Shutdown } });
    try {
      assert.equal(await healthz(mall.url), 200);
      const startedAt = Date.now();
      const exit = mall.terminate();
      let status = 200;
      while (status === 200) status = await healthz(mall.url);
      assert.equal(status, 503);
      const { registrations } = startRegistrations(mall.url);
      assertAllDone(await registrations);
      await untilRefused(mall.url);
      assert.ok(Date.now() - startedAt >= wrapUpMs, `closed after ${Date.now() - startedAt} ms`);
      assert.equal(await exit, 0);
    } finally {
      await mall.stop();
    }
  });
});

async function healthz(url: string): Promise<number> {
  const response = await fetch(`${url}/healthz`, { headers: { connection: "close" } });
  await response.bytes();
  return response.status;
}

async function assertGraceful(url: string, terminate: () => Promise<number | null>): Promise<void> {
  const spare = await openConnection(url);
  const slow = await openConnection(url);
  const body = registration();
  slow.write(`POST /api/user/register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`);
  slow.write(`Content-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`);
  const slowAnswer = readAll(slow);
  const { registrations, firstAnswer } = startRegistrations(url);
  await firstAnswer;

  const started = Date.now();
  const exit = terminate();
  await untilRefused(url);
  slow.write(body.slice(10));
  assertAllDone(await registrations);
  assert.match(await slowAnswer, /^HTTP\/1\.1 200 OK\r\n/, "a request that was only half sent");
  assert.equal(await exit, 0);
  const tookMs = Date.now() - started;
  assert.ok(tookMs < EXIT_MS_MAX, `exited after ${tookMs} ms`);
  await untilRefused(url);
  spare.destroy();
}

function registration(): string {
  return JSON.stringify({ ...ACCOUNT, mobile: newMobile() });
}

/** Sends registrations at once; once the first is answered, the others are with the server. */
function startRegistrations(url: string): {
  registrations: Promise<RawAnswer[]>;
  firstAnswer: Promise<RawAnswer>;
} {
  const headers = { "content-type": "application/json" };
  const sent = Array.from({ length: REQUESTS }, () =>
    sendRaw(url, { method: "POST", path: "/api/user/register", headers, body: registration() }),
  );
  return { registrations: Promise.all(sent), firstAnswer: Promise.race(sent) };
}

function assertAllDone(answers: readonly RawAnswer[]): void {
  for (const { status, text } of answers) {
    assert.equal(status, 200, text);
    assert.ok(Number.isInteger((JSON.parse(text) as { id: unknown }).id));
  }
}

/** Knocks until nobody opens. */
async function untilRefused(url: string): Promise<void> {
  const isRefused = async (): Promise<boolean> => {
    try {
      (await openConnection(url)).destroy();
      return false;
    } catch {
      return true;
    }
  };
  await until("new connections are refused", isRefused, { withinMs: EXIT_MS_MAX });
}
