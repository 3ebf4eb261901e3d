// stripe (npm) through whole payments at the simulator. Prints what it saw as JSON.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const { url, merchant } = JSON.parse(readFileSync(0, "utf8"));
const load = createRequire(`${process.env.ORACLE_FOLDER}/`);
const Stripe = load("stripe");

const { hostname, port } = new URL(url);
const stripe = new Stripe(merchant.secretKey, { host: hostname, port: Number(port), protocol: "http" });

const events = [];
const secrets = [];
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const header = request.headers["stripe-signature"];
  try {
    const event = stripe.webhooks.constructEvent(Buffer.concat(chunks), header, secrets[0]);
    events.push({ type: event.type, object: event.data.object, version: event.api_version, header });
    response.end();
  } catch (error) {
    events.push({ type: error.type });
    response.writeHead(400).end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const control = async (path, body) => {
  const headers = { "content-type": "application/json" };
  const sent = { method: "POST", headers, body: JSON.stringify(body) };
  return (await fetch(`${url}/simulator/api/${path}`, sent)).json();
};
const until = async (read) => {
  for (;;) {
    const value = await read();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const event = (type, id) => until(() => events.find((one) => one.type === type && one.object?.id === id));
const refusal = (promise) =>
  promise.then(
    ({ status }) => status,
    ({ type, code, decline_code, statusCode, param }) => ({ type, code, decline_code, statusCode, param }),
  );

const seen = {};
const endpoint = await stripe.webhookEndpoints.create({
  url: `http://127.0.0.1:${server.address().port}/hook`,
  enabled_events: ["*"],
});
secrets.push(endpoint.secret);

const order = {
  amount: 1_000,
  currency: "usd",
  metadata: { "a b": "1+1 ~!*é" },
  payment_method_types: ["card"],
};
const intent = await stripe.paymentIntents.create(order, { idempotencyKey: "node-order-1" });
const again = await stripe.paymentIntents.create(order, { idempotencyKey: "node-order-1" });
seen.created = intent;
seen.replayed = { same: again.id === intent.id, header: again.lastResponse.headers["idempotent-replayed"] };
seen.otherParameters = await refusal(
  stripe.paymentIntents.create({ ...order, amount: 2_000 }, { idempotencyKey: "node-order-1" }),
);
seen.unknownParameter = await refusal(stripe.paymentIntents.create({ ...order, bogus: 1 }));
seen.missingParameter = await refusal(stripe.paymentIntents.create({ currency: "usd" }));
seen.declined = await refusal(
  stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_chargeDeclinedInsufficientFunds" }),
);
seen.afterDecline = (await stripe.paymentIntents.retrieve(intent.id)).status;
seen.failedEvent = (
  await event("payment_intent.payment_failed", intent.id)
).object.last_payment_error.decline_code;
seen.confirmed = (await stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" })).status;
seen.paidEvent = await event("payment_intent.succeeded", intent.id);
seen.paid = await stripe.paymentIntents.retrieve(intent.id, {
  expand: ["latest_charge.balance_transaction"],
});
seen.cancelPaid = await refusal(stripe.paymentIntents.cancel(intent.id));

const secure = await stripe.paymentIntents.create({
  ...order,
  confirm: true,
  payment_method: "pm_card_authenticationRequired",
  return_url: "http://127.0.0.1/back",
});
seen.secure = { status: secure.status, action: secure.next_action.type };
seen.authenticated = (await control("pay", { channel: "stripe", outTradeNo: secure.id })).state;

const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 300 });
seen.refund = await stripe.refunds.retrieve(refund.id);
seen.refundEvent = (await event("refund.created", refund.id)).object.amount;
seen.overRefund = await refusal(stripe.refunds.create({ payment_intent: intent.id, amount: 701 }));
for (const _each of [1, 2]) await stripe.refunds.create({ payment_intent: intent.id, amount: 100 });
const ids = [];
for await (const each of stripe.refunds.list({ payment_intent: intent.id, limit: 1 })) ids.push(each.id);
seen.refunds = { count: ids.length, last: ids.at(-1) === refund.id };

const entries = [];
const since = { created: { gte: intent.created }, expand: ["data.source"], limit: 2 };
for await (const { type, amount, fee, net, source } of stripe.balanceTransactions.list(since)) {
  if (source.payment_intent === intent.id)
    entries.push([type, amount, fee, net, source.object, source.metadata]);
}
seen.balance = entries;

const line_items = [
  { quantity: 2, price_data: { currency: "eur", unit_amount: 250, product_data: { name: "茶" } } },
];
const session = await stripe.checkout.sessions.create({
  mode: "payment",
  line_items,
  success_url: "http://127.0.0.1/thanks?session={CHECKOUT_SESSION_ID}",
  client_reference_id: "order-1",
  payment_intent_data: { metadata: { order: "1" } },
});
seen.session = session;
const thanks = await control("pay", { channel: "stripe", outTradeNo: session.id });
seen.thanks = thanks.returnUrl === `http://127.0.0.1/thanks?session=${session.id}`;
seen.completedEvent = (await event("checkout.session.completed", session.id)).object.payment_status;
seen.completed = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
seen.expirePaid = await refusal(stripe.checkout.sessions.expire(session.id));
const other = await stripe.checkout.sessions.create({ mode: "payment", line_items });
seen.expired = (await stripe.checkout.sessions.expire(other.id)).status;
seen.canceled = (await stripe.paymentIntents.cancel((await stripe.paymentIntents.create(order)).id)).status;
seen.absent = await refusal(stripe.paymentIntents.retrieve("pi_nothing"));
const stranger = new Stripe("sk_test_nobody", { host: hostname, port: Number(port), protocol: "http" });
seen.stranger = await refusal(stranger.paymentIntents.retrieve(intent.id));

// The SDK sends the request again, under the same key.
for (const fault of ["error-before", "timeout-after"]) {
  await control("fault", {
    fault: `answer.${fault}`,
    ms: 1,
    channel: "stripe",
    outTradeNo: intent.id,
    operation: "refund",
  });
  await stripe.refunds.create({ payment_intent: intent.id, amount: 50 });
}
seen.afterFaults = (
  await stripe.paymentIntents.retrieve(intent.id, { expand: ["latest_charge"] })
).latest_charge.amount_refunded;

secrets.unshift((await control("roll", { endpoint: endpoint.id })).secret);
const rolled = await stripe.paymentIntents.create(order);
seen.rolled = (await event("payment_intent.created", rolled.id)).header.split(",").length;
for (const fault of ["clock-old", "wrong-signature", "tampered"]) {
  const { length } = events;
  const next = await stripe.paymentIntents.create({
    ...order,
    confirm: true,
    payment_method: "pm_card_visa",
  });
  await until(() => events.length >= length + 3);
  await control("fault", { fault: `notify.${fault}`, ms: 301_000, channel: "stripe", outTradeNo: next.id });
  await stripe.refunds.create({ payment_intent: next.id });
  seen[fault] = await until(() => events.slice(length).find(({ object }) => object === undefined)?.type);
}
server.close();
server.closeAllConnections();
process.stdout.write(`${JSON.stringify(seen)}\n`);
