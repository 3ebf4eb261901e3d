import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { until } from "@mall/kit/testing";
import { createUserHttpClient } from "@mall/user/api";
import { newCustomer, newMobile, PASSWORD, personOfRole } from "../support/people.ts";
import { playJourney } from "../support/play-journey.ts";
import { orderOne, putUp } from "../support/shop.ts";
import { type Backends, startBackends, whyNoBackends } from "./backends.ts";
import { contractOf, findGoPrograms, type GoPrograms, LineProgram } from "./go-programs.ts";
import { type MixedMall, type MixedMallOptions, startMixedMall } from "./mixed-mall.ts";

const found = await findGoPrograms();
const skip = found.skip || whyNoBackends() || false;

const NOT_FOUND = 5;
const UNAVAILABLE = 14;
/** How long a client may take to reach a peer that has moved. */
const FOUND_MS_MAX = 5_000;

/** What a Go client makes of an answer; 64-bit numbers are texts in protobuf's JSON. */
interface Answer {
  readonly response?: Readonly<Record<string, unknown>>;
  readonly code?: number;
  readonly text?: string;
}

describe("rpc with go-zero", { skip, timeout: 240_000 }, () => {
  let backends: Backends;

  before(async () => {
    backends = await startBackends();
  });
  after(() => backends.stop());

  const start = async (t: TestContext, go?: MixedMallOptions["go"]): Promise<MixedMall> => {
    const dataSource = await backends.createDataSource();
    const places = { dataSource, etcd: backends.etcd, redis: backends.redis.host };
    const mall = await startMixedMall(go === undefined ? places : { ...places, go });
    t.after(() => mall.stop());
    return mall;
  };

  for (const programs of found.programs) {
    describe(`go-zero ${programs.version}`, () => {
      it("finds our servers through etcd and calls them with its token", async (t) => {
        await callEveryService(t, await start(t), programs);
      });

      it("is refused by our servers without the right token, in its own words", async (t) => {
        const mall = await start(t);
        for (const [shown, code, text] of [
          [{}, 16, "app/token required"],
          [{ App: "mall", Token: "wrong" }, 16, "access denied"],
          [{ App: "unknown", Token: "any" }, 13, "redis: nil"],
        ] as const) {
          const call = goClient(t, mall, { programs, service: "user", shown });
          assert.deepEqual(await call("UserInfo", { Id: 1 }), { code, text });
        }
      });

      for (const [title, go] of mixesOf(programs)) {
        it(`plays the seed's journey with ${title} in Go`, async (t) => {
          await playJourney((await start(t, go)).urls);
        });
      }

      it("follows one of our servers that goes and comes back elsewhere", async (t) => {
        const mall = await start(t);
        const product = goClient(t, mall, { programs, service: "product" });
        assert.equal((await product("Detail", { id: 1 })).text, "产品不存在");
        await mall.restart("product");
        await untilFound(async () => {
          const { code } = await product("Detail", { id: 1 });
          assert.ok(code === NOT_FOUND || code === UNAVAILABLE, `answers ${code}`);
          return code === NOT_FOUND;
        });
      });

      it("is found again by us when it crashes and comes back elsewhere", async (t) => {
        const { urls, restart } = await start(t, { user: programs });
        await newCustomer(urls);
        await restart("user");
        await untilFound(async () => {
          try {
            await newCustomer(urls);
            return true;
          } catch (error) {
            assert.equal((error as { code?: string }).code, "UNAVAILABLE");
            return false;
          }
        });
      });

      it("has its business errors told by our apis, and its database's kept", async (t) => {
        await meetErrors(await start(t, { user: programs, order: programs }));
      });
    });
  }
});

function mixesOf(programs: GoPrograms): [string, NonNullable<MixedMallOptions["go"]>][] {
  return [
    ["user.rpc", { user: programs }],
    ["order.rpc", { order: programs }],
    ["both user.rpc and order.rpc", { user: programs, order: programs }],
  ];
}

/** Asks again until the peer is reached. */
async function untilFound(ask: () => Promise<boolean>): Promise<void> {
  await until("the peer is found", ask, { withinMs: FOUND_MS_MAX });
}

type GoClient = (method: string, request: object) => Promise<Answer>;

function goClient(
  t: TestContext,
  mall: MixedMall,
  options: { programs: GoPrograms; service: string; shown?: object; name?: string },
): GoClient {
  const { programs, service, shown, name = "" } = options;
  const files = ["-f", mall.clientConfig(service, shown), "-proto", contractOf(service)];
  const program = new LineProgram(programs, ["client", ...files, "-service", name]);
  t.after(() => program.stop());
  return async (method, request) => (await program.ask({ method, request })) as Answer;
}

async function callEveryService(t: TestContext, mall: MixedMall, programs: GoPrograms): Promise<void> {
  const client = (service: string, name?: string): GoClient =>
    goClient(t, mall, name === undefined ? { programs, service } : { programs, service, name });
  const [user, product, order, pay] = ["user", "product", "order", "pay"].map((service) => client(service));
  assert.ok(user !== undefined && product !== undefined && order !== undefined && pay !== undefined);
  const person = { Name: "ving", Gender: 1, Mobile: newMobile() };
  const registered = { response: { Id: "1", Name: "ving", Gender: "1", Mobile: person.Mobile } };
  assert.deepEqual(await user("Register", { ...person, Password: PASSWORD }), registered);
  assert.deepEqual(await user("UserInfo", { Id: 1 }), registered);
  const login = await user("Login", { Mobile: person.Mobile, Password: PASSWORD });
  assert.equal(login.response?.Id, "1");
  assert.deepEqual(await user("UserInfo", { Id: 99 }), { code: 5, text: "用户不存在" });
  const seedName = client("user", "userclient.User");
  assert.deepEqual(await seedName("UserInfo", { Id: 1 }), registered);

  const goods = { Name: "苹果", Desc: "又大又圆", Stock: 3, Amount: 500, Status: 0 };
  assert.deepEqual(await product("Create", goods), { response: { id: "1" } });
  const wanted = { Uid: 1, Pid: 1, Amount: 500, Status: 0 };
  assert.deepEqual(await order("Create", wanted), { response: { id: "1" } });
  assert.equal((await product("Detail", { id: 1 })).response?.Stock, "2");
  const bought = { id: "1", Uid: "1", Pid: "1", Amount: "500", Status: "0", num: "1", expireTime: "0" };
  assert.deepEqual(await order("List", { uid: 1 }), { response: { data: [bought] } });
  assert.deepEqual(await pay("Create", { Uid: 1, Oid: 1, Amount: 500 }), { response: { id: "1" } });
  const taken = { id: 1, Uid: 1, Oid: 1, Amount: 500, Source: 1, Status: 1 };
  assert.deepEqual(await pay("Callback", taken), { response: {} });
  assert.equal((await pay("Detail", { id: 1 })).response?.Status, "1");
  assert.equal((await order("Detail", { id: 1 })).response?.Status, "1");
}

/** Business errors are code 100, a database's are code 500 with what its driver said. */
async function meetErrors({ urls }: MixedMall): Promise<void> {
  const visitor = createUserHttpClient({ baseUrl: urls.user });
  const person = { name: "ving", gender: 1, mobile: newMobile(), password: PASSWORD };
  await visitor.register(person);
  await assert.rejects(visitor.register(person), { code: "ALREADY_EXISTS", message: "该用户已存在" });
  await assert.rejects(visitor.login({ mobile: person.mobile, password: "wrong" }), {
    code: "FAILED_PRECONDITION",
    reason: "PEER_REFUSED",
    message: "密码错误",
  });
  await assert.rejects(visitor.login({ mobile: "none", password: PASSWORD }), {
    code: "NOT_FOUND",
    message: "用户不存在",
  });
  const customer = await newCustomer(urls);
  await assert.rejects(customer.order.detail({ id: 99 }), { code: "NOT_FOUND", message: "订单不存在" });
  const pid = await putUp(personOfRole(urls, "staff"), 0);
  const soldOut = { code: "FAILED_PRECONDITION", reason: "PEER_DECLINED", message: "产品库存不足" };
  const available = await putUp(personOfRole(urls, "staff"), 100);
  for (let round = 0; round < 40; round += 1) await assert.rejects(orderOne(customer, pid), soldOut);
  for (let round = 0; round < 60; round += 1) await orderOne(customer, available);
}
