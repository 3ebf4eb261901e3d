import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { checkConfig, redisKeyConfig } from "@mall/kit/config";
import { backgroundCall, systemRuntime } from "@mall/kit/context";
import { RpcTokens } from "@mall/kit/process";
import { createTestFolder, startRedis, type TestRedis, whyNoRedis } from "@mall/kit/testing";
import { newMobile, PASSWORD } from "./support/people.ts";
import { connectAll, type NetworkServices, placeOnNetwork } from "./support/placements.ts";

const KEY = "rpc:auth";
const GRANTED = { app: "mall", token: "right" };
const NAMES = ["user", "product", "order", "pay"] as const;

/** A status as a peer that is no mall sees it: its number and its text. */
type Ending = readonly [code: number, text: string];

/** Sends an empty message with metadata, by gRPC's own library alone, as go-zero's client would. */
async function callRaw(address: string, path: string, shown: Record<string, string>): Promise<Ending> {
  const client = new Client(address, credentials.createInsecure());
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(shown)) metadata.set(key, value);
  const pass = (bytes: Buffer): Buffer => bytes;
  const error = await new Promise<ServiceError | null>((resolve) => {
    client.makeUnaryRequest(path, pass, pass, Buffer.alloc(0), metadata, resolve);
  });
  client.close();
  return error === null ? [0, ""] : [error.code, error.details];
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
    for (const name of NAMES) {
      const path =
        name === "user" ? "/user.User/UserInfo" : `/${name}.${name[0]?.toUpperCase()}${name.slice(1)}/Detail`;
      const call = (shown: Record<string, string>): Promise<Ending> =>
        callRaw(strict.addresses[name], path, shown);
      const [code] = await call(GRANTED);
      assert.ok(code === 3 || code === 5, `${name} says ${code}: the request was looked at`);
      assert.deepEqual(await call({}), [16, "app/token required"]);
      assert.deepEqual(await call({ app: GRANTED.app }), [16, "app/token required"]);
      assert.deepEqual(await call({ ...GRANTED, token: "wrong" }), [16, "access denied"]);
      assert.deepEqual(await call({ app: "unknown", token: "any" }), [13, "redis: nil"]);
    }
  });

  it("let an app without a token in where control is not strict, never one with a wrong token", async () => {
    const call = (shown: Record<string, string>): Promise<Ending> =>
      callRaw(lenient.addresses.user, "/user.User/UserInfo", shown);
    assert.notEqual((await call({ app: "unknown", token: "any" }))[0], 16);
    assert.deepEqual(await call({ ...GRANTED, token: "wrong" }), [16, "access denied"]);
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
});
