import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import { createTestFolder, freePort, testOperator, until } from "@mall/kit/testing";
import { createUserHttpClient } from "@mall/user/api";
import { createUserDesk } from "@mall/user/desk";
import { startTestMall, type TestMall } from "./support/mall.ts";
import {
  type ApiUrls,
  gatewayUrls,
  newMobile,
  PASSWORD,
  type Person,
  personWithToken,
} from "./support/people.ts";
import { reasonOf } from "./support/refusals.ts";
import { type SplitMall, startSplitMall } from "./support/split.ts";

const OTHER = "another one";
/** Every process asks every 3 s; a loaded machine takes its time to answer. */
const LEARNED_MS_MAX = 15_000;

interface Account {
  readonly mobile: string;
  readonly person: Person;
}

async function newAccount(urls: ApiUrls): Promise<Account> {
  const users = createUserHttpClient({ baseUrl: urls.user });
  const mobile = newMobile();
  const { id } = await users.register({ name: "ving", gender: 1, mobile, password: PASSWORD });
  const { accessToken } = await users.login({ mobile, password: PASSWORD });
  return { mobile, person: personWithToken(urls, id, accessToken) };
}

/** A question of each api that wants a token: the reason of its refusal, undefined for an answer. */
function asked({ user, product, order, pay, uid }: Person): Promise<(string | undefined)[]> {
  const questions = [
    user.userInfo(),
    product.detail({ id: 999_999 }),
    order.list({ uid }),
    pay.list({ uid }),
  ];
  return Promise.all(questions.map(async (each) => reasonOf(each).catch(() => undefined)));
}

async function untilRevoked(person: Person): Promise<void> {
  await until("every api refuses the token", () => asked(person), {
    holds: (reasons) => reasons.every((reason) => reason === "TOKEN_REVOKED"),
    withinMs: LEARNED_MS_MAX,
  });
}

function isAnswered(call: Promise<unknown>): Promise<boolean> {
  return call.then(
    () => true,
    () => false,
  );
}

async function isTakenBy(person: Person): Promise<void> {
  const reasons = await asked(person);
  assert.ok(!reasons.includes("TOKEN_REVOKED"), `${reasons}`);
}

describe("tokens of a mall in one process", () => {
  let mall: TestMall;
  before(async () => {
    mall = await startTestMall();
  });
  after(() => mall.stop());

  it("are refused by all apis at once when their user changes the password, but for the one that comes of it", async () => {
    const urls = gatewayUrls(mall.url);
    const { mobile, person } = await newAccount(urls);
    const bystander = await newAccount(urls);
    assert.equal(
      await reasonOf(person.user.changePassword({ oldPassword: "wrong!", newPassword: OTHER })),
      "WRONG_PASSWORD",
    );
    await isTakenBy(person);
    const changed = await person.user.changePassword({ oldPassword: PASSWORD, newPassword: OTHER });
    assert.deepEqual(new Set(await asked(person)), new Set(["TOKEN_REVOKED"]));
    await isTakenBy(personWithToken(urls, person.uid, changed.accessToken));
    await isTakenBy(bystander.person);
    const users = createUserHttpClient({ baseUrl: urls.user });
    assert.equal(await reasonOf(users.login({ mobile, password: PASSWORD })), "WRONG_PASSWORD");
    const { accessToken } = await users.login({ mobile, password: OTHER });
    await isTakenBy(personWithToken(urls, person.uid, accessToken));
  });
});

describe("tokens of a split mall", { timeout: 120_000 }, () => {
  const dataSource = `sqlite:${createTestFolder()}/mall.db`;
  let payHealth: string;
  let mall: SplitMall;
  before(async () => {
    const port = await freePort();
    payHealth = `http://127.0.0.1:${port}/healthz`;
    const DevServer = { Host: "127.0.0.1", Port: port };
    mall = await startSplitMall({ dataSource, blocks: (kind) => (kind === "pay.api" ? { DevServer } : {}) });
  });
  after(() => mall.stop());

  it("are refused by every process within seconds of a change of password or an operator's word, and while user.rpc is away", async () => {
    const { urls } = mall;
    const { person } = await newAccount(urls);
    const { accessToken } = await person.user.changePassword({ oldPassword: PASSWORD, newPassword: OTHER });
    await untilRevoked(person);
    const again = personWithToken(urls, person.uid, accessToken);
    await isTakenBy(again);

    const database = await openDatabase({ dataSource, runtime: systemRuntime });
    const desk = createUserDesk(database, testOperator("mall user revoke"));
    await desk.revoke(await desk.find(`id:${person.uid}`));
    await database.close();
    await untilRevoked(again);

    const bystander = await newAccount(urls);
    await mall.kill("user.rpc");
    assert.deepEqual(new Set(await asked(again)), new Set(["TOKEN_REVOKED"]));
    // An api goes by what it knows, and is not kept from its own work.
    const { pay, product, uid } = bystander.person;
    assert.equal(await reasonOf(product.detail({ id: 999_999 })), "PRODUCT_NOT_FOUND");
    assert.deepEqual(await pay.list({ uid }), []);
    assert.equal((await fetch(payHealth)).status, 200, "fit to serve without it");
    await mall.killAndRestart("pay.api");
    assert.deepEqual(await pay.list({ uid }), []);
    await mall.start("user.rpc");
    await untilRevoked(again);
    await until("user.api has found its peer again", () => isAnswered(bystander.person.user.userInfo()));
  });

  it("are refused by an api from its first answer on, if user.rpc answers", async () => {
    const { urls } = mall;
    const { person } = await newAccount(urls);
    await person.user.changePassword({ oldPassword: PASSWORD, newPassword: OTHER });
    await mall.killAndRestart("pay.api");
    assert.equal(await reasonOf(person.pay.list({ uid: person.uid })), "TOKEN_REVOKED");
  });
});
