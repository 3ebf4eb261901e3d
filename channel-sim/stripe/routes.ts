import type { z } from "zod";
import { balancePages } from "./balance-pages.ts";
import { endDispute, updateDispute } from "./disputes.ts";
import { stripeErrors } from "./errors.ts";
import { expanded } from "./expand.ts";
import { parseForm } from "./form.ts";
import { cancelIntent, captureIntent, confirmIntent, createIntent } from "./intents.ts";
import { type Form, list, type Run } from "./lists.ts";
import type { StripeObject, StripeObjects, WebhookEndpoint } from "./objects.ts";
import { createRefund } from "./refunds.ts";
import { type RequestOf, readParameters, stripeRequests } from "./requests.ts";
import { createSession, expireSession } from "./sessions.ts";
import type { Unit } from "./unit.ts";

/** What a request wants; `id` is of the object in its path. */
export interface StripeCall {
  /** In the simulator's words. */
  readonly operation: string;
  readonly id: string;
  run(unit: Unit, form: Form): Promise<object>;
}

type Row = readonly [method: string, path: RegExp, operation: string, run: Run];

/** A call that ends with one object. */
function one<Schema extends z.ZodType<{ readonly expand: readonly string[] }>>(
  schema: Schema,
  act: (unit: Unit, request: z.output<Schema>, id: string) => Promise<StripeObject>,
): Run {
  return async (unit, form, id) => {
    const request = readParameters(form, schema);
    return expanded(unit, await act(unit, request, id), request.expand);
  };
}

function retrieve(kind: keyof StripeObjects): Run {
  return one(stripeRequests.nothing, (unit, _request, id) => unit.demand(kind, id));
}

const ROWS: readonly Row[] = [
  ["POST", /^\/v1\/payment_intents$/, "prepay", one(stripeRequests.createIntent, createIntent)],
  [
    "GET",
    /^\/v1\/payment_intents$/,
    "list",
    list({ kind: "payment_intent", path: "/v1/payment_intents", schema: stripeRequests.tradePage }),
  ],
  ["GET", /^\/v1\/payment_intents\/([^/]+)$/, "query", retrieve("payment_intent")],
  [
    "POST",
    /^\/v1\/payment_intents\/([^/]+)\/confirm$/,
    "confirm",
    one(stripeRequests.confirmIntent, confirm),
  ],
  [
    "POST",
    /^\/v1\/payment_intents\/([^/]+)\/capture$/,
    "capture",
    one(stripeRequests.captureIntent, capture),
  ],
  ["POST", /^\/v1\/payment_intents\/([^/]+)\/cancel$/, "close", one(stripeRequests.cancelIntent, cancel)],
  [
    "POST",
    /^\/v1\/checkout\/sessions$/,
    "prepay",
    one(stripeRequests.createSession, async (unit, request) => createSession(unit, request)),
  ],
  [
    "GET",
    /^\/v1\/checkout\/sessions$/,
    "list",
    list({ kind: "checkout.session", path: "/v1/checkout/sessions", schema: stripeRequests.tradePage }),
  ],
  ["GET", /^\/v1\/checkout\/sessions\/([^/]+)$/, "query", retrieve("checkout.session")],
  [
    "POST",
    /^\/v1\/checkout\/sessions\/([^/]+)\/expire$/,
    "close",
    one(stripeRequests.nothing, async (unit, _request, id) =>
      expireSession(unit, await unit.demand("checkout.session", id)),
    ),
  ],
  ["POST", /^\/v1\/refunds$/, "refund", one(stripeRequests.createRefund, createRefund)],
  [
    "GET",
    /^\/v1\/refunds$/,
    "list",
    list({ kind: "refund", path: "/v1/refunds", schema: stripeRequests.refundPage }),
  ],
  ["GET", /^\/v1\/refunds\/([^/]+)$/, "query-refund", retrieve("refund")],
  [
    "GET",
    /^\/v1\/disputes$/,
    "list",
    list({ kind: "dispute", path: "/v1/disputes", schema: stripeRequests.refundPage }),
  ],
  ["GET", /^\/v1\/disputes\/([^/]+)$/, "query-dispute", retrieve("dispute")],
  [
    "POST",
    /^\/v1\/disputes\/([^/]+)$/,
    "dispute",
    one(stripeRequests.updateDispute, async (unit, request, id) =>
      updateDispute(unit, await unit.demand("dispute", id), request),
    ),
  ],
  [
    "POST",
    /^\/v1\/disputes\/([^/]+)\/close$/,
    "dispute",
    one(stripeRequests.nothing, async (unit, _request, id) =>
      endDispute(unit, await unit.demand("dispute", id), "lost"),
    ),
  ],
  ["GET", /^\/v1\/charges\/([^/]+)$/, "charge", retrieve("charge")],
  ["GET", /^\/v1\/balance_transactions$/, "bill", balancePages],
  ["GET", /^\/v1\/balance_transactions\/([^/]+)$/, "balance", retrieve("balance_transaction")],
  ["GET", /^\/v1\/events$/, "list", list({ kind: "event", path: "/v1/events" })],
  ["GET", /^\/v1\/events\/([^/]+)$/, "event", retrieve("event")],
  ["POST", /^\/v1\/webhook_endpoints$/, "endpoint", createEndpoint],
  [
    "GET",
    /^\/v1\/webhook_endpoints$/,
    "list",
    list({ kind: "webhook_endpoint", path: "/v1/webhook_endpoints" }),
  ],
];

/** What is at a path; undefined for nothing. */
export function stripeCall(method: string, path: string): StripeCall | undefined {
  for (const [verb, pattern, operation, run] of ROWS) {
    const found = verb === method ? pattern.exec(path) : null;
    if (found === null) continue;
    const id = found[1] ?? "";
    return { operation, id, run: (unit, form) => run(unit, form, id) };
  }
  return undefined;
}

/** The parameters of a request: a query's, or a form body's. */
export function formOf(method: string, query: string, body: string): Form {
  return parseForm(method === "GET" ? query : body);
}

async function confirm(unit: Unit, request: RequestOf<"confirmIntent">, id: string) {
  const { payment_method: card, return_url: returnUrl } = request;
  return confirmIntent(unit, await unit.demand("payment_intent", id), { card, returnUrl });
}

async function capture(unit: Unit, { amount_to_capture }: RequestOf<"captureIntent">, id: string) {
  return captureIntent(unit, await unit.demand("payment_intent", id), amount_to_capture);
}

async function cancel(unit: Unit, { cancellation_reason }: RequestOf<"cancelIntent">, id: string) {
  return cancelIntent(unit, await unit.demand("payment_intent", id), cancellation_reason);
}

/** The secret is told this once. */
async function createEndpoint(unit: Unit, form: Form): Promise<object> {
  const request = readParameters(form, stripeRequests.createEndpoint);
  if (request.expand.length > 0) throw stripeErrors.expand(request.expand[0] ?? "");
  const secret = `whsec_${unit.core.hex(32)}`;
  const endpoint: WebhookEndpoint = {
    id: unit.newId("we"),
    object: "webhook_endpoint",
    api_version: request.api_version ?? null,
    created: unit.seconds,
    enabled_events: request.enabled_events,
    livemode: false,
    metadata: request.metadata,
    status: "enabled",
    url: request.url,
    sim: { account: unit.account.id, secrets: [secret] },
  };
  unit.put(endpoint);
  return { ...(await expanded(unit, endpoint, [])), secret };
}
