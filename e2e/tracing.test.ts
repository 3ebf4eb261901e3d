import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from "@mall/kit/testing";
import { createOrderHttpClient } from "@mall/order/api";
import { createPayHttpClient } from "@mall/pay/api";
import { type ApiUrls, newCustomer, personOfRole } from "./support/people.ts";
import { PRICE, putUp, success } from "./support/shop.ts";
import { startSplitMall } from "./support/split.ts";

/** One trace, begun by whoever shops; its spans are the three requests. */
const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const CLIENT_SPANS = {
  order: "0000000000000001",
  pay: "0000000000000002",
  callback: "0000000000000003",
} as const;

/** Two spans of every call: the caller's, and under it the callee's with what it does. */
const PAY_CREATE = `
pay.api: /api/pay/create (server)
  pay.api: pay.Pay/Create (client)
    pay.rpc: pay.Pay/Create (server)
      pay.rpc: order.Order/Detail (client)
        order.rpc: order.Order/Detail (server)
          order.rpc: sql (client)
      pay.rpc: sql (client)
      pay.rpc: user.User/UserInfo (client)
        user.rpc: user.User/UserInfo (server)
          user.rpc: sql (client)
`;

const CALLBACK = `
pay.api: /api/pay/callback (server)
  pay.api: pay.Pay/Callback (client)
    pay.rpc: pay.Pay/Callback (server)
      pay.rpc: order.Order/Detail (client)
        order.rpc: order.Order/Detail (server)
          order.rpc: sql (client)
      pay.rpc: order.Order/Paid (client)
        order.rpc: order.Order/Paid (server)
          order.rpc: sql (client)
      pay.rpc: sql (client)
      pay.rpc: user.User/UserInfo (client)
        user.rpc: user.User/UserInfo (server)
          user.rpc: sql (client)
`;

describe("the trace of a payment over the split placement", () => {
  let receiver: OtlpReceiver;
  const headers = new Map<string, string>();

  before(async () => {
    receiver = await startOtlpReceiver();
    const mall = await startSplitMall({ blocks: (name) => ({ Telemetry: telemetryOf(name, receiver) }) });
    await playPayment(mall.urls, headers);
    // The stop sends what is left, so nothing has to be waited for.
    await mall.stop();
  });
  after(() => receiver.stop());

  it("comes back as traceparent: the caller's trace, the span of the request", () => {
    for (const [route, traceparent] of headers) {
      const [, traceId, spanId, flags] = traceparent.split("-");
      const root = receiver.spans.find((span) => span.name === route && span.traceId === traceId);
      assert.equal(traceId, TRACE_ID);
      assert.equal(root?.spanId, spanId);
      assert.equal(flags, "01");
    }
    assert.equal(headers.size, 3);
  });

  it("shows the creation as one tree over four processes", () => {
    assert.equal(treeOf(receiver.spans, CLIENT_SPANS.pay), PAY_CREATE);
  });

  it("shows the callback as one tree, the order's part included", () => {
    assert.equal(treeOf(receiver.spans, CLIENT_SPANS.callback), CALLBACK);
  });

  it("is one, over all processes that an order and its payment need", () => {
    const traced = receiver.spans.filter(({ traceId }) => traceId === TRACE_ID);
    const services = new Set(traced.map(({ service }) => service));
    const known = new Set([...Object.values<string>(CLIENT_SPANS), ...traced.map(({ spanId }) => spanId)]);
    assert.ok(traced.every(({ parentSpanId }) => known.has(parentSpanId)));
    assert.deepEqual([...services].toSorted(), [
      "order.api",
      "order.rpc",
      "pay.api",
      "pay.rpc",
      "product.rpc",
      "user.rpc",
    ]);
  });

  it("carries go-zero's attributes and message events", () => {
    const client = find(receiver.spans, "pay.api", "pay.Pay/Create");
    const server = find(receiver.spans, "pay.rpc", "pay.Pay/Create");
    for (const { attributes } of [client, server]) {
      assert.equal(attributes["rpc.system"], "grpc");
      assert.equal(attributes["rpc.service"], "pay.Pay");
      assert.equal(attributes["rpc.method"], "Create");
      assert.equal(attributes["rpc.grpc.status_code"], 0);
    }
    assert.deepEqual(client.events, ["message SENT", "message RECEIVED"]);
    assert.deepEqual(server.events, ["message RECEIVED", "message SENT"]);
    assert.equal(server.attributes["net.peer.ip"], "127.0.0.1");
    const root = find(receiver.spans, "pay.api", "/api/pay/create");
    assert.equal(root.attributes["http.route"], "/api/pay/create");
    assert.equal(root.attributes["http.status_code"], 200);
  });
});

/** The rpc processes send over gRPC, the apis over HTTP. */
function telemetryOf(name: string, receiver: OtlpReceiver): object {
  return name.endsWith(".rpc")
    ? { Name: name, Endpoint: receiver.grpc, Batcher: "otlpgrpc" }
    : { Name: name, Endpoint: receiver.http, Batcher: "otlphttp" };
}

/** Orders, opens the payment and reports its success, all in the trace that the caller begins. */
async function playPayment(urls: ApiUrls, headers: Map<string, string>): Promise<void> {
  const customer = await newCustomer(urls);
  const { uid, token } = customer;
  const pid = await putUp(personOfRole(urls, "staff"), 1);
  const http = (baseUrl: string, span: keyof typeof CLIENT_SPANS, bearer = token) => ({
    baseUrl,
    token: bearer,
    fetch: tracedFetch(CLIENT_SPANS[span], headers),
  });
  const { id: oid } = await createOrderHttpClient(http(urls.order, "order")).create({
    uid,
    pid,
    amount: PRICE,
  });
  const { id } = await createPayHttpClient(http(urls.pay, "pay")).create({ uid, oid, amount: PRICE });
  const gateway = personOfRole(urls, "gateway");
  await createPayHttpClient(http(urls.pay, "callback", gateway.token)).callback(success({ id, uid, oid }));
}

/** Calls as somebody does who traces, and keeps the header of the answer by route. */
function tracedFetch(spanId: string, headers: Map<string, string>): typeof fetch {
  return async (url, init) => {
    const sent = new Headers(init?.headers);
    sent.set("traceparent", `00-${TRACE_ID}-${spanId}-01`);
    const answer = await fetch(url, { ...init, headers: sent });
    headers.set(new URL(String(url)).pathname, answer.headers.get("traceparent") ?? "");
    return answer;
  };
}

const KINDS = ["", "internal", "server", "client"];

/** A trace as indented lines, siblings in the order of their names. */
function treeOf(spans: readonly ReceivedSpan[], parent: string, depth = 0): string {
  const children = spans.filter((span) => span.traceId === TRACE_ID && span.parentSpanId === parent);
  const lines = children
    .map(({ service, name, kind, spanId }) => {
      const line = `${"  ".repeat(depth)}${service}: ${name} (${KINDS[kind]})\n`;
      return line + treeOf(spans, spanId, depth + 1);
    })
    .toSorted();
  // How many statements a transaction takes is its own affair.
  return (depth === 0 ? "\n" : "") + [...new Set(lines)].join("");
}

function find(spans: readonly ReceivedSpan[], service: string, name: string): ReceivedSpan {
  const found = spans.find((span) => span.service === service && span.name === name);
  assert.ok(found, `${service} sent no ${name}`);
  return found;
}
