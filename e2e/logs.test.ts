import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { createPayHttpClient } from "@mall/pay/api";
import { createUserHttpClient } from "@mall/user/api";
import { type ApiUrls, type Person, personOfRole, personWithToken } from "./support/people.ts";
import { SERVICE_NAMES } from "./support/process-names.ts";
import { openPay, orderOne, putUp, success } from "./support/shop.ts";
import { startSplitMall } from "./support/split.ts";

/** What only requests say; none of it may ever be read in a log. */
const MARKS = {
  password: "Passw0rd-that-nobody-may-read",
  mobile: "15212230311",
  name: "NameThatNobodyMayRead",
  query: "QueryThatNobodyMayRead",
  badToken: "TokenThatNobodyMayRead",
};

interface Line {
  readonly "@timestamp": string;
  readonly level: string;
  readonly content: string;
  readonly trace?: string;
  readonly span?: string;
  readonly duration?: string;
}

describe("the logs of the eight processes", () => {
  const lines = new Map<string, Line[]>();
  let everything = "";
  let token = "";
  let trace = "";

  before(async () => {
    const mall = await startSplitMall({ blocks: () => ({ Log: { Level: "debug" } }) });
    ({ token, trace } = await playMarkedJourney(mall.urls));
    await mall.stop();
    for (const [name, text] of mall.printed) {
      everything += text;
      lines.set(name, jsonLines(text));
    }
  });

  it("hold nothing that a request said, and no token", () => {
    for (const secret of [...Object.values(MARKS), token, token.split(".")[1] ?? "no token"]) {
      const found = everything.split("\n").find((line) => line.includes(secret));
      assert.equal(found, undefined);
    }
  });

  it("name every request with go-zero's keys: method, path, status, duration and trace", () => {
    for (const name of ["user.api", "product.api", "order.api", "pay.api"]) {
      const [line] = (lines.get(name) ?? []).filter(({ content }) =>
        content.startsWith("[HTTP] 200 - POST /api/"),
      );
      assert.ok(line, `${name} logged no request`);
      assert.match(line["@timestamp"], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)$/);
      assert.match(line.duration ?? "", /^\d+\.\dms$/);
      assert.match(line.trace ?? "", /^[0-9a-f]{32}$/);
      assert.match(line.span ?? "", /^[0-9a-f]{16}$/);
    }
  });

  it("name every rpc call with its caller's address", () => {
    for (const service of SERVICE_NAMES) {
      const found = (lines.get(`${service}.rpc`) ?? []).find(({ content }) =>
        /^127\.0\.0\.1:\d+ - \/[a-z]+\.[A-Z][a-z]+\/[A-Z][A-Za-z]+$/.test(content),
      );
      assert.ok(found, `${service}.rpc logged no call`);
    }
  });

  it("can be followed from process to process by the trace that the client was told", () => {
    const inTrace = [...lines]
      .filter(([, all]) => all.some((line) => line.trace === trace))
      .map(([name]) => name);
    assert.deepEqual(inTrace.toSorted(), ["order.rpc", "pay.api", "pay.rpc", "user.rpc"]);
  });

  it("are buffered, and still whole: every answered request has its line", () => {
    const answered = (lines.get("pay.api") ?? []).filter(({ content }) => content.startsWith("[HTTP]"));
    assert.deepEqual(
      answered.map(({ content }) => content.split(" - ").slice(0, 2).join(" - ")),
      ["[HTTP] 200 - POST /api/pay/create", "[HTTP] 200 - POST /api/pay/callback"],
    );
  });
});

/** A journey whose every secret is marked, with the mistakes in which secrets like to leak. */
async function playMarkedJourney(urls: ApiUrls): Promise<{ token: string; trace: string }> {
  const { name, mobile, password, query, badToken } = MARKS;
  const visitor = createUserHttpClient({ baseUrl: urls.user });
  const { id } = await visitor.register({ name, gender: 1, mobile, password });
  await assert.rejects(visitor.register({ name, gender: 1, mobile, password }));
  await assert.rejects(visitor.login({ mobile, password: `${password}!` }));
  const { accessToken } = await visitor.login({ mobile, password });
  const post = (path: string, body: string, bearer: string): Promise<Response> =>
    fetch(`${urls.user}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${bearer}` },
      body,
    });
  await post("/api/user/userinfo", "", badToken);
  await post(`/api/user/login?password=${query}`, `{"mobile": "${mobile}", "password": ${password}}`, "");
  await post(`/api/user/${mobile}/nothing?token=${query}`, "", accessToken);
  let trace = "";
  const noting: typeof fetch = async (url, init) => {
    const answer = await fetch(url, init);
    trace ||= answer.headers.get("traceparent")?.split("-")[1] ?? "";
    return answer;
  };
  await pay(urls, personWithToken(urls, id, accessToken), noting);
  return { token: accessToken, trace };
}

async function pay(urls: ApiUrls, customer: Person, noting: typeof fetch): Promise<void> {
  const { uid } = customer;
  const pid = await putUp(personOfRole(urls, "staff"), 1);
  const oid = await orderOne(customer, pid);
  const http = { baseUrl: urls.pay, token: customer.token, fetch: noting };
  const id = await openPay({ ...customer, pay: createPayHttpClient(http) }, oid);
  await personOfRole(urls, "gateway").pay.callback(success({ id, uid, oid }));
}

function jsonLines(text: string): Line[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}
