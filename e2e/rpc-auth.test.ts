import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { checkConfig, redisKeyConfig } from "@mall/kit/config";
import { AppError, grpcStatusOf } from "@mall/kit/errors";
import { RpcTokens } from "@mall/kit/process";
import type { RpcCredentials } from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import { createTestFolder, startRedis, type TestRedis, whyNoRedis } from "@mall/kit/testing";
import { newMobile, PASSWORD } from "./support/people.ts";
import { connectAll, type NetworkServices, placeOnNetwork } from "./support/placements.ts";

const KEY = "rpc:auth";
const GRANTED = { app: "mall", token: "right" };
const NOT_FOUND = 5;
const NOBODY = { id: 999 };

/** How a call ended, as the wire says it. */
type Ending = readonly [code: number, text: string];

/** Calls one method of each service with what no row has. */
async function endings(addresses: NetworkServices["addresses"], shown?: RpcCredentials): Promise<Ending[]> {
  const { clients, close } = connectAll(addresses, shown);
  const call = backgroundCall();
  const calls = [
    clients.user.userInfo(call, NOBODY),
    clients.product.detail(call, NOBODY),
    clients.order.detail(call, NOBODY),
    clients.pay.detail(call, NOBODY),
  ];
  const outcomes = await Promise.allSettled(calls);
  close();
  return outcomes.map((outcome) => {
    const error = outcome.status === "rejected" ? outcome.reason : undefined;
    assert.ok(error instanceof AppError);
    const said = error.cause instanceof Error ? error.cause : error;
    return "code" in said && "details" in said
      ? [Number(said.code), String(said.details)]
      : [grpcStatusOf(error.code), error.message];
  });
}

describe("rpc services that ask for a token", { skip: whyNoRedis() ?? false }, () => {
  let redis: TestRedis;
  let strict: NetworkServices;
  let lenient: NetworkServices;

  before(async () => {
    redis = await startRedis();
    const config = checkConfig("(test)", { Host: redis.host, Key: KEY }, redisKeyConfig);
    const tokens = await RpcTokens.open({ config, runtime: systemRuntime });
    await tokens.grant(GRANTED.app, GRANTED.token);
    tokens.close();
    const server = { Auth: true, Redis: { Host: redis.host, Type: "node", Key: KEY } };
    const neighbour = { App: GRANTED.app, Token: GRANTED.token };
    const dataSource = `sqlite:${createTestFolder()}/mall.db`;
    strict = await placeOnNetwork(dataSource, { server: { ...server, StrictControl: true }, neighbour });
    lenient = await placeOnNetwork(dataSource, { server });
  });
  after(async () => {
    await strict.stop();
    await lenient.stop();
    await redis.stop();
  });

  it("answer who shows the token of the hash, and refuse others in go-zero's words", async () => {
    for (const [code] of await endings(strict.addresses, GRANTED)) assert.equal(code, NOT_FOUND);
    for (const [shown, ending] of [
      [undefined, [16, "app/token required"]],
      [{ ...GRANTED, token: "" }, [16, "app/token required"]],
      [{ ...GRANTED, token: "wrong" }, [16, "access denied"]],
      [{ app: "unknown", token: "any" }, [13, "redis: nil"]],
    ] as const) {
      assert.deepEqual(await endings(strict.addresses, shown), [ending, ending, ending, ending]);
    }
  });

  it("let an app without a token in where control is not strict, never one with a wrong token", async () => {
    const unknown = await endings(lenient.addresses, { app: "unknown", token: "any" });
    for (const [code] of unknown) assert.equal(code, NOT_FOUND);
    const denied = [16, "access denied"];
    assert.deepEqual(await endings(lenient.addresses, { ...GRANTED, token: "wrong" }), [
      denied,
      denied,
      denied,
      denied,
    ]);
  });

  it("show their own token to their neighbours; that it is refused is no caller's business", async () => {
    const asGranted = (services: NetworkServices) => connectAll(services.addresses, GRANTED);
    const shown = asGranted(strict);
    const hidden = asGranted(lenient);
    const person = { name: "ving", gender: 1, mobile: newMobile(), password: PASSWORD };
    const { id: uid } = await shown.clients.user.register(backgroundCall(), person);
    const page = { uid, before: 0, limit: 0 };
    assert.deepEqual(await shown.clients.order.list(backgroundCall(), page), { data: [] });
    await assert.rejects(hidden.clients.order.list(backgroundCall(), page), {
      code: "INTERNAL",
      message: "internal error",
    });
    shown.close();
    hidden.close();
  });

  it("believe the tokens they know while Redis is down; others pass only where control is not strict", async () => {
    await endings(strict.addresses, GRANTED);
    await redis.kill();
    for (const [code] of await endings(strict.addresses, GRANTED)) assert.equal(code, NOT_FOUND);
    const unknown = { app: "unknown", token: "any" };
    for (const [code] of await endings(lenient.addresses, unknown)) assert.equal(code, NOT_FOUND);
    const away = [13, "redis: unavailable"];
    assert.deepEqual(await endings(strict.addresses, unknown), [away, away, away, away]);
    await redis.restart();
    for (;;) {
      const told = await endings(strict.addresses, unknown);
      if (told.every(([, text]) => text === "redis: nil")) break;
    }
  });
});
