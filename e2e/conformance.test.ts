import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { backgroundCall, Call } from "@mall/kit/call";
import { connectRpcClient, type ServiceDefinition } from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import {
  forEachDatabase,
  startRedis,
  type TestDatabases,
  type TestRedis,
  whyNoRedis,
} from "@mall/kit/testing";
import { callMethod, type Outcome, outcomeOf, type RpcCase } from "./support/cases/case.ts";
import { deskCases } from "./support/cases/desk-cases.ts";
import { orderCases } from "./support/cases/order-cases.ts";
import { payCases, SOME_TIME } from "./support/cases/pay-cases.ts";
import { productCases } from "./support/cases/product-cases.ts";
import { userCases } from "./support/cases/user-cases.ts";
import {
  type Clients,
  type NetworkServices,
  type PlacedServices,
  placeLocally,
  placeOnNetwork,
  RPC_SERVICES,
  type ServiceName,
} from "./support/placements.ts";

/** One history: each case builds on those before it. */
const CASES: readonly RpcCase[] = [...userCases, ...productCases, ...orderCases, ...payCases, ...deskCases];

const METHODS = Object.entries(RPC_SERVICES).flatMap(([service, { methods }]) =>
  Object.keys(methods).map((method) => `${service}.${method}`),
);

/** Fields that tell when something happened, 0 for never. */
const TIMES = ["createTime", "ended", "expireTime", "notBefore", "paidTime", "time", "now"];

/** Methods that answer a saga's coordinator, or where a channel is configured or a job is, or by the clock. */
const NEED_MORE = [
  "user.changePassword",
  "order.createRevert",
  ...["order", "pay"].flatMap((service) =>
    ["jobDetail", "jobRetry", "jobCancel"].map((method) => `${service}.${method}`),
  ),
  "pay.notify",
  "pay.approvalApprove",
  "pay.approvalReject",
  "pay.billCompare",
  "pay.billDifferenceSettle",
  "pay.notifyDetail",
  "pay.notifyReplay",
  "pay.prepay",
  "pay.queryPrepared",
  "pay.resolve",
];

/** Calls every service answers slowly enough to be cut off: a password is hashed. */
const SLOW = { name: "slow", gender: 0, mobile: "15299999999", password: "123456" };

describe("the cases of the rpc methods", () => {
  for (const method of METHODS) {
    it(`ask ${method} for an answer and with bad values`, () => {
      const own = CASES.filter((each) => each.method === method);
      const answered = own.some(({ expect }) => expect.answer !== undefined);
      assert.ok(answered || NEED_MORE.includes(method), "an answer");
      const refused = own.some(({ expect }) => expect.refusal?.code === "INVALID_ARGUMENT");
      assert.ok(refused, "a bad value");
    });
  }
});

forEachDatabase("both placements", (databases) => {
  let local: PlacedServices;
  let network: NetworkServices;
  let redis: TestRedis | undefined;
  let together: Outcome[];
  let outcomes: { local: Outcome; network: Outcome }[];

  before(async () => {
    local = await placeLocally(await databases.createDataSource());
    // As in production; that rows are cached makes no difference either.
    if (databases.dialect === "mysql" && whyNoRedis() === undefined) redis = await startRedis();
    const server = redis === undefined ? {} : { CacheRedis: [{ Host: redis.host }] };
    network = await placeOnNetwork(await databases.createDataSource(), { server });
    const [first, second] = await Promise.all([playAll(local.clients), playAll(network.clients)]);
    // Whose neighbours are called directly differs in nothing that a database sees.
    together = databases.dialect === "sqlite" ? await playTogether(databases) : second;
    outcomes = first.map((outcome, index) => ({ local: outcome, network: second[index] ?? {} }));
  });
  after(async () => {
    await local.stop();
    await network.stop();
    await redis?.stop();
  });

  for (const [index, { method, title, expect }] of CASES.entries()) {
    const kind = expect.answer === undefined ? `refuse (${expect.refusal?.reason})` : "answer";
    it(`${kind} ${method}: ${title}`, () => {
      const outcome = outcomes[index];
      assert.ok(outcome !== undefined);
      assertExpected(outcome.local, expect);
      assert.deepEqual(outcome.network, outcome.local);
      assert.deepEqual(together[index], outcome.local, "of rpcs that were started together");
    });
  }

  const everywhere = async (work: (clients: Clients) => Promise<Outcome>): Promise<string | undefined> => {
    const [first, second] = await Promise.all([work(local.clients), work(network.clients)]);
    assert.deepEqual(second, first);
    return first.refusal?.code;
  };

  for (const method of METHODS) {
    it(`do not begin ${method} after its deadline, nor for a caller who is gone`, async () => {
      const request = emptyRequest(method);
      const late = (): Call => new Call({ deadline: Date.now() - 1 });
      assert.equal(
        await everywhere((clients) => callMethod(clients, method, request, late())),
        "DEADLINE_EXCEEDED",
      );
      const gone = new Call();
      gone.cancel();
      assert.equal(await everywhere((clients) => callMethod(clients, method, request, gone)), "CANCELLED");
    });
  }

  for (const [service, definition] of Object.entries(RPC_SERVICES)) {
    for (const name of definition.names) {
      it(`serve every method as ${name}`, async () => {
        const address = network.addresses[service as ServiceName];
        const named = connectByName(definition as ServiceDefinition<object>, name, address);
        try {
          const clients = { ...network.clients, [service]: named.client } as Clients;
          for (const method of Object.keys(definition.methods)) {
            const path = `${service}.${method}`;
            const request = emptyRequest(path);
            assert.deepEqual(
              withoutClock(await callMethod(clients, path, request)),
              withoutClock(await callMethod(local.clients, path, request)),
            );
          }
        } finally {
          named.close();
        }
      });
    }
    it(`serve ${service} under two names, the seed's among them`, () => {
      const proto = `${service}.${service.charAt(0).toUpperCase()}${service.slice(1)}`;
      assert.deepEqual(definition.names, [proto, proto.replace(".", "client.")]);
    });
  }

  it("take what a Go client of an older proto leaves out as zero", async () => {
    const outcome = await outcomeOf(network.clients.order.detail(backgroundCall(), { id: 0 }));
    assert.equal(outcome.refusal?.reason, "ORDER_NOT_FOUND");
  });

  // The last ones: whether a user comes to be by what is cut off is not said.
  it("end a call at its deadline", async () => {
    const soon = (): Call => new Call({ deadline: Date.now() + 10 });
    const code = await everywhere((clients) => callMethod(clients, "user.register", SLOW, soon()));
    assert.equal(code, "DEADLINE_EXCEEDED");
  });

  it("end a call when its caller goes away", async () => {
    const code = await everywhere((clients) => {
      const call = new Call();
      const outcome = callMethod(clients, "user.register", { ...SLOW, mobile: "15299999998" }, call);
      setTimeout(() => call.cancel(), 10);
      return outcome;
    });
    assert.equal(code, "CANCELLED");
  });
});

async function playTogether(databases: TestDatabases): Promise<Outcome[]> {
  const placed = await placeOnNetwork(await databases.createDataSource(), { together: true });
  try {
    return await playAll(placed.clients);
  } finally {
    await placed.stop();
  }
}

async function playAll(clients: Clients): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { method, request } of CASES) {
    outcomes.push(withoutClock(await callMethod(clients, method, request)));
  }
  return outcomes;
}

function assertExpected(outcome: Outcome, expect: RpcCase["expect"]): void {
  if (expect.refusal === undefined) {
    assert.deepEqual(outcome, { answer: expect.answer });
    return;
  }
  const told = { ...outcome.refusal, ...expect.refusal };
  assert.deepEqual(outcome, { refusal: told });
  if (expect.refusal.reason === "INVALID_FIELD") {
    assert.match(outcome.refusal?.message ?? "", new RegExp(`^field "${expect.refusal.field}" (must|is)`));
  }
}

/** The two histories are played one beside the other, and each tells when something of a payment happened in it. */
function withoutClock(outcome: Outcome): Outcome {
  return outcome.answer === undefined ? outcome : { answer: timeless(outcome.answer) };
}

function timeless(told: unknown): unknown {
  if (Array.isArray(told)) return told.map(timeless);
  if (typeof told !== "object" || told === null) return told;
  return Object.fromEntries(
    Object.entries(told).map(([name, value]: [string, unknown]) => {
      const isTime = TIMES.includes(name) && value !== 0;
      return [name, isTime ? SOME_TIME : timeless(value)];
    }),
  );
}

/** What an empty message means to a method. */
function emptyRequest(path: string): unknown {
  const [service, method] = path.split(".");
  const { methods } = RPC_SERVICES[service as ServiceName] as ServiceDefinition<object>;
  const found = (methods as Record<string, { request: { decode(bytes: Uint8Array): unknown } }>)[
    method ?? ""
  ];
  assert.ok(found !== undefined);
  const request = found.request.decode(new Uint8Array());
  // Which jobs there are depends on how services are placed, and when; what acts changed, on the clock.
  if (method === "jobList") return { ...Object(request), kind: "none" };
  return method === "auditList" ? { ...Object(request), who: "user:99" } : request;
}

function connectByName(definition: ServiceDefinition<object>, name: string, address: string) {
  const options = { endpoints: [address], timeoutMs: 2000, runtime: systemRuntime };
  return connectRpcClient({ definition: { ...definition, names: [name] }, ...options });
}
