import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { Agent } from "node:http";
import { after, before, it, type TestContext } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { connectRpcClient, type MessageType, type ServiceDefinition } from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import type { Database } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import fc from "fast-check";
import { type Outcome, outcomeOf } from "./support/cases/case.ts";
import { fingerprint } from "./support/database-state.ts";
import { httpRequests } from "./support/fuzz/http-requests.ts";
import { messageBytes } from "./support/fuzz/messages.ts";
import { startTestMall, type TestMall } from "./support/mall.ts";
import { type Operation, readOperations } from "./support/openapi.ts";
import { type ApiUrls, gatewayUrls, newCustomer, personOfRole } from "./support/people.ts";
import { RPC_SERVICES } from "./support/placements.ts";
import { type RawAnswer, type RawRequest, sendRaw } from "./support/raw-http.ts";
import { openPay, orderOne, putUp } from "./support/shop.ts";
import { assertVerified } from "./support/verified.ts";

const SEED = Number(process.env.MALL_FUZZ_SEED ?? randomInt(2 ** 31));
const GROUPS_MAX = 2000;
const TIME_MS_MAX = 6000;
const MOBILE = "15212230311";

/** Words that only the inside of the process knows. */
const INSIDE =
  /SQLITE|\bER_[A-Z]|Duplicate entry|constraint|errno|\bat \S*\/|node:|\.ts\b|mysql|sqlite|FROM `/i;

/** Outcomes of gRPC calls that would mean that the server broke. */
const BROKEN = ["INTERNAL", "UNKNOWN", "UNAVAILABLE", "DEADLINE_EXCEEDED", "DATA_LOSS"];

/** Methods that keep what they decided also where that is no: a saga that was refused its pieces has been one. */
const KEEPING_REFUSALS: readonly string[] = ["order.Reopen"];

interface RpcTarget {
  readonly name: string;
  readonly request: MessageType<unknown>;
  send(bytes: Buffer): Promise<Outcome>;
}

/** Bytes as they are, for requests that no codec would write. */
const asIs: MessageType<Buffer> = {
  name: "Raw",
  check: () => {},
  encode: (bytes) => bytes,
  decode: (bytes) => Buffer.from(bytes),
};

forEachDatabase("whatever is sent", (databases) => {
  const agent = new Agent({ keepAlive: true });
  const closers: (() => void)[] = [];
  let mall: TestMall;
  let database: Database;
  let urls: ApiUrls;
  let operations: Operation[];

  before(async () => {
    const dataSource = await databases.createDataSource();
    mall = await startTestMall({ dataSource });
    database = await databases.open({ dataSource });
    urls = gatewayUrls(mall.url);
    operations = await readOperations(mall.url);
    await furnish(urls);
  });
  after(async () => {
    for (const close of closers) close();
    agent.destroy();
    await mall.stop();
  });

  /** Runs groups of requests; a group of which each was refused must leave every table as it was. */
  const fuzz = async <T, Answer>(
    t: TestContext,
    requests: fc.Arbitrary<T>,
    play: { send(request: T): Promise<Answer>; isRefused(answer: Answer): boolean },
  ): Promise<void> => {
    t.diagnostic(`seed ${SEED}: MALL_FUZZ_SEED=${SEED} replays`);
    let known = await fingerprint(database);
    let refusedGroups = 0;
    const deadline = Date.now() + TIME_MS_MAX;
    const property = fc.asyncProperty(fc.array(requests, { minLength: 1, maxLength: 6 }), async (group) => {
      // Not fast-check's own limit, which would leave a group under way behind.
      if (Date.now() > deadline) return;
      const answers = await Promise.all(group.map((request) => play.send(request)));
      const now = await fingerprint(database);
      if (answers.every((answer) => play.isRefused(answer))) {
        refusedGroups += 1;
        assert.equal(now, known, "refused requests changed a table");
      }
      known = now;
    });
    await fc.assert(property, { seed: SEED, numRuns: GROUPS_MAX });
    assert.ok(refusedGroups > 20, `only ${refusedGroups} groups were refused as a whole`);
    t.diagnostic(`${refusedGroups} groups were refused as a whole`);
  };

  it("over HTTP is answered in time, well and without the inside, or changes nothing; what it changed is consistent", async (t) => {
    const tokens = [
      (await newCustomer(urls)).token,
      personOfRole(urls, "customer", 2).token,
      personOfRole(urls, "staff", 1).token,
      personOfRole(urls, "gateway", 1).token,
    ];
    await fuzz(t, httpRequests(operations, tokens), {
      send: async (request) => {
        const answer = await sendRaw(mall.url, request, agent);
        assertDecent(request, answer);
        return answer;
      },
      isRefused: ({ status }) => status >= 400,
    });
    await assertVerified(mall.dataSource);
  });

  it("over gRPC is answered in time and well, or changes nothing", async (t) => {
    const targets = rpcTargets(mall, closers);
    const calls = fc
      .constantFrom(...targets)
      .chain((target) => messageBytes(target.request).map((bytes) => ({ target, bytes })));
    const readable = calls.map((call) => ({ ...call, toString: () => describeCall(call) }));
    await fuzz(t, readable, {
      send: async ({ target, bytes }) => {
        const outcome = await target.send(bytes);
        assertSound(target.name, outcome);
        return { ...outcome, mayKeep: KEEPING_REFUSALS.includes(target.name) };
      },
      isRefused: ({ refusal, mayKeep }) => refusal !== undefined && !mayKeep,
    });
  });

  it("may be too large: every route refuses it, told or not told its length", async () => {
    const known = await fingerprint(database);
    const { token } = personOfRole(urls, "admin", 1);
    const body = `{"name":"${"x".repeat(1_100_000)}"}`;
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const taking = operations.filter(({ properties }) => Object.keys(properties).length > 0);
    for (const { method, path } of taking) {
      for (const chunked of [false, true]) {
        const { status } = await sendRaw(mall.url, { method, path, headers, body, chunked });
        assert.equal(status, 413, `${path} chunked ${chunked}`);
      }
    }
    assert.equal(await fingerprint(database), known);
  });

  it("over gRPC may be too large or meant for nobody", async () => {
    const raw = connectRaw(mall.address("user.rpc"), "user.User", ["Login", "Nothing", "login"]);
    closers.push(() => raw.close());
    const large = await raw.send("Login", Buffer.alloc(5 * 1024 * 1024));
    assert.equal(large.refusal?.code, "RESOURCE_EXHAUSTED");
    for (const name of ["Nothing", "login"]) {
      const unknown = await raw.send(name, Buffer.alloc(0));
      assert.equal(unknown.refusal?.code, "UNIMPLEMENTED");
    }
  });
});

/** Something of everything, so that ids between 1 and 9 hit rows in several states. */
async function furnish(urls: ApiUrls): Promise<void> {
  const staff = personOfRole(urls, "staff", 1);
  await staff.user.register({ name: "ving", gender: 1, mobile: MOBILE, password: "123456" });
  const customer = await newCustomer(urls);
  const pid = await putUp(staff, 100);
  await putUp(staff, 0);
  for (let index = 0; index < 4; index += 1) await openPay(customer, await orderOne(customer, pid));
  await customer.order.update({ id: await orderOne(customer, pid), status: 9 });
  await orderOne(customer, pid);
}

function assertDecent({ method, path }: RawRequest, { status, contentType, text }: RawAnswer): void {
  const what = `${method} ${path.slice(0, 60)} -> ${status} ${text.slice(0, 300)}`;
  assert.ok(status >= 200 && status < 500, what);
  if (status < 400 || method === "HEAD") return;
  assert.match(contentType, /^application\/json/, what);
  const { code, msg, reason } = JSON.parse(text) as Record<string, unknown>;
  assert.ok(Number.isInteger(code) && typeof msg === "string" && msg !== "", what);
  assert.match(String(reason), /^[A-Z][A-Z_]+$/, what);
  assert.doesNotMatch(text, INSIDE, what);
}

function assertSound(name: string, { refusal }: Outcome): void {
  if (refusal === undefined) return;
  const what = `${name} -> ${refusal.code} ${refusal.reason} ${refusal.message}`;
  assert.ok(!BROKEN.includes(refusal.code), what);
  assert.doesNotMatch(refusal.message, INSIDE, what);
}

function rpcTargets(mall: TestMall, closers: (() => void)[]): RpcTarget[] {
  return Object.entries(RPC_SERVICES).flatMap(([service, definition]) => {
    const methods: { name: string; request: unknown }[] = Object.values(definition.methods);
    const names = methods.map(({ name }) => name);
    const raw = connectRaw(mall.address(`${service}.rpc`), definition.names[0], names);
    closers.push(() => raw.close());
    return methods.map(({ name, request }) => ({
      name: `${service}.${name}`,
      request: request as MessageType<unknown>,
      send: (bytes: Buffer) => raw.send(name, bytes),
    }));
  });
}

type RawMethods = Record<string, (call: ReturnType<typeof backgroundCall>, bytes: Buffer) => Promise<Buffer>>;

/** A client that sends bytes as they are. */
function connectRaw(address: string, service: string, names: readonly string[]) {
  const methods = names.map((name) => [name, { name, request: asIs, response: asIs }]);
  const definition: ServiceDefinition<RawMethods> = {
    names: [service],
    methods: Object.fromEntries(methods),
  };
  const options = { endpoints: [address], timeoutMs: 8000, runtime: systemRuntime };
  const { client, close } = connectRpcClient({ definition, ...options });
  return {
    send: (name: string, bytes: Buffer) => {
      const method = client[name];
      assert.ok(method !== undefined);
      return outcomeOf(method(backgroundCall(), bytes));
    },
    close,
  };
}

function describeCall({ target, bytes }: { target: RpcTarget; bytes: Buffer }): string {
  return `${target.name} ${bytes.toString("hex")}`;
}
