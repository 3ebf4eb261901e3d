import assert from "node:assert/strict";
import { it } from "node:test";
import { ROLE } from "@mall/kit/auth";
import { Call } from "@mall/kit/call";
import { checkConfig, rpcClientConfig } from "@mall/kit/config";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { createBreakers, createLocalPlacement } from "@mall/kit/process";
import { migrateToLatest } from "@mall/kit/store";
import { createShiftedRuntime, forEachDatabase, testOperator } from "@mall/kit/testing";
import { createUserModel } from "../model/user-model.ts";
import { userRpcConfig } from "./config.ts";
import { userRpc } from "./main.ts";
import { createUserDesk } from "./user-desk.ts";

const MOBILE = "15212230377";
const PASSWORD = "123456";
const OTHER = "another one";

forEachDatabase("tokens of before", (databases) => {
  async function start() {
    const runtime = createShiftedRuntime();
    const dataSource = await databases.createDataSource();
    const watched = { runtime, log: silentLogger, observer: noopObserver };
    const breakers = createBreakers(watched);
    const placement = createLocalPlacement({ ...watched, breakers, serverTimeoutMs: 60_000 });
    const database = await placement.database(dataSource);
    for (const set of userRpc.migrations) await migrateToLatest(database, set);
    const values = {
      Name: "user.rpc",
      Mode: "pro",
      ListenOn: "127.0.0.1:0",
      Mysql: { DataSource: dataSource },
    };
    placement.provide(
      userRpc.service,
      await userRpc.build(checkConfig("(test)", values, userRpcConfig), placement),
    );
    const neighbour = checkConfig("(test)", { Timeout: 60_000 }, rpcClientConfig);
    const client = placement.client(userRpc.service, neighbour, "(test)");
    const users = createUserModel(database);
    const desk = createUserDesk(database, testOperator("mall user"));
    const register = (mobile: string) =>
      client.register(new Call(), { name: "ving", gender: 1, mobile, password: PASSWORD });
    const logIn = (password: string) => client.login(new Call(), { mobile: MOBILE, password });
    return { runtime, placement, client, users, desk, register, logIn };
  }

  it("are refused from the second after a change of password on, which needs the old one and takes its place", async () => {
    const { runtime, placement, client, register, logIn } = await start();
    const { id } = await register(MOBILE);
    const change = (oldPassword: string, newPassword: string) =>
      client.changePassword(new Call(), { id, oldPassword, newPassword });
    await assert.rejects(change("wrong!", OTHER), { code: "UNAUTHENTICATED", reason: "WRONG_PASSWORD" });
    await assert.rejects(change(PASSWORD, "short"), { code: "INVALID_ARGUMENT", field: "newPassword" });
    await assert.rejects(
      client.changePassword(new Call(), { id: 99, oldPassword: PASSWORD, newPassword: OTHER }),
      {
        reason: "USER_NOT_FOUND",
      },
    );
    assert.equal((await logIn(PASSWORD)).notBefore, undefined);
    const second = Math.floor(runtime.now() / 1000);
    const { notBefore, role } = await change(PASSWORD, OTHER);
    assert.ok(
      notBefore > second && notBefore <= Math.floor(runtime.now() / 1000) + 1,
      `${notBefore}, ${second}`,
    );
    assert.equal(role, ROLE.customer);
    await assert.rejects(logIn(PASSWORD), { reason: "WRONG_PASSWORD" });
    assert.equal((await logIn(OTHER)).notBefore, notBefore);
    assert.ok((await change(OTHER, PASSWORD)).notBefore > notBefore, "also within the same second");
    await placement.close();
  });

  it("count wrong old passwords as guesses, at the route for a change too", async () => {
    const { placement, client, register, logIn } = await start();
    const { id } = await register(MOBILE);
    for (let guess = 0; guess < 10; guess += 1) {
      const wrong = client.changePassword(new Call(), { id, oldPassword: "wrong!", newPassword: OTHER });
      await assert.rejects(wrong, { reason: "WRONG_PASSWORD" });
    }
    await assert.rejects(
      client.changePassword(new Call(), { id, oldPassword: PASSWORD, newPassword: OTHER }),
      {
        reason: "LOGIN_LIMITED",
      },
    );
    await assert.rejects(logIn(PASSWORD), { reason: "LOGIN_LIMITED" });
    await placement.close();
  });

  it("are changed once where two change the password at once", async () => {
    const { placement, client, register, logIn } = await start();
    const { id } = await register(MOBILE);
    const outcomes = await Promise.allSettled(
      ["first one", "second one"].map((newPassword) =>
        client.changePassword(new Call(), { id, oldPassword: PASSWORD, newPassword }),
      ),
    );
    const lost = outcomes.flatMap((outcome) =>
      outcome.status === "rejected" ? [outcome.reason.reason] : [],
    );
    assert.equal(lost.length, 1, "one of them");
    assert.ok(["PASSWORD_CHANGED", "WRONG_PASSWORD"].includes(lost[0]), lost[0]);
    await logIn(outcomes[0]?.status === "fulfilled" ? "first one" : "second one");
    await placement.close();
  });

  it("are told page by page, each user once, by the second and the id, and nobody whose tokens are good", async () => {
    const { placement, client, users } = await start();
    for (let index = 0; index < 25; index += 1) {
      const id = await users.insert({ mobile: `${index}` });
      if (index % 5 !== 0) await users.update(id, { notBefore: 1000 + (index % 3) });
    }
    const told: { id: number; notBefore: number }[] = [];
    let page = { since: 0, after: 0 };
    for (let read = 3; read === 3; ) {
      const { data } = await client.revoked(new Call(), { ...page, limit: 3 });
      told.push(...data);
      read = data.length;
      page = { since: data.at(-1)?.notBefore ?? 0, after: data.at(-1)?.id ?? 0 };
    }
    assert.equal(new Set(told.map(({ id }) => id)).size, 20);
    assert.equal(told.length, 20);
    const sorted = told.toSorted((left, right) => left.notBefore - right.notBefore || left.id - right.id);
    assert.deepEqual(told, sorted);
    const { data: newest } = await client.revoked(new Call(), { since: 1002, after: 0, limit: 100 });
    assert.deepEqual(new Set(newest.map(({ notBefore }) => notBefore)), new Set([1002]));
    for (const limit of [0, -1, 1001]) {
      const refused = client.revoked(new Call(), { since: 0, after: 0, limit });
      await assert.rejects(refused, { code: "INVALID_ARGUMENT", field: "limit" });
    }
    await placement.close();
  });

  it("are revoked by operators, with a password of theirs, and with rights that they take away, not with those they give", async () => {
    const { placement, users, desk, register } = await start();
    const { id } = await register(MOBILE);
    const row = async () => (await users.findOne(id)) ?? assert.fail();
    const changed = async (work: () => Promise<void>): Promise<boolean> => {
      const { notBefore } = await row();
      await work();
      return (await row()).notBefore > notBefore;
    };
    assert.equal(await changed(async () => desk.setRole(await row(), ROLE.admin)), false);
    assert.equal(await changed(async () => desk.setRole(await row(), ROLE.staff)), true);
    assert.equal((await row()).role, ROLE.staff);
    assert.equal(await changed(async () => desk.revoke(await row())), true);
    const { unlocks } = await row();
    // By somebody who has read the row before another changed it.
    const stale = await row();
    await desk.revoke(await row());
    assert.equal(await changed(() => desk.setPassword(stale, "a hash")), true);
    assert.deepEqual([(await row()).password, (await row()).unlocks], ["a hash", unlocks + 1]);
    await placement.close();
  });
});
