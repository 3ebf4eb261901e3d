import type { z } from "zod";
import { endDispute, updateDispute } from "./disputes.ts";
import { stripeErrors } from "./errors.ts";
import { expanded } from "./expand.ts";
import { type FormValue, parseForm } from "./form.ts";
import { cancelIntent, captureIntent, confirmIntent, createIntent } from "./intents.ts";
import type { StripeObject, StripeObjects, WebhookEndpoint } from "./objects.ts";
import { createRefund } from "./refunds.ts";
import { type RequestOf, readParameters, stripeRequests } from "./requests.ts";
import { createSession, expireSession } from "./sessions.ts";
import type { Unit } from "./unit.ts";

type Form = Readonly<Record<string, FormValue>>;

/** What a request wants; `id` is of the object in its path. */
export interface StripeCall {
  /** In the simulator's words. */
  readonly operation: string;
  readonly id: string;
  run(unit: Unit, form: Form): Promise<object>;
}

type Run = (unit: Unit, form: Form, id: string) => Promise<object>;
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

/** Pages of objects, the latest first; what is not the filter's is left out. */
function list(kind: keyof StripeObjects, path: string, schema: PageSchema = stripeRequests.page): Run {
  return async (unit, form) => {
    const { limit, starting_after, ending_before, expand, created, ...filter }: PageRequest = readParameters(
      form,
      schema,
    );
    const wanted = Object.entries(filter).filter(([, value]) => value !== undefined);
    const all = (await unit.list(kind)).filter(
      (object) =>
        isWithin(Reflect.get(object, "created"), created) &&
        wanted.every(([name, value]) => Reflect.get(object, name) === value),
    );
    const after = starting_after === undefined ? 0 : (await position(unit, all, kind, starting_after)) + 1;
    const until = ending_before === undefined ? undefined : await position(unit, all, kind, ending_before);
    const between = all.slice(after, until);
    const page = ending_before === undefined ? between.slice(0, limit) : between.slice(-limit);
    const below = expand.map((name) => name.replace(/^data\./, ""));
    const data = await Promise.all(page.map((object) => expanded(unit, object, below)));
    return { object: "list", data, has_more: page.length < between.length, url: path };
  };
}

type PageSchema = (typeof stripeRequests)["page" | "tradePage" | "refundPage"];
type PageRequest = z.output<PageSchema> & Pick<Partial<RequestOf<"tradePage">>, "created">;

function isWithin(second: number, created: PageRequest["created"] = {}): boolean {
  const { gt = Number.NEGATIVE_INFINITY, gte = gt, lt = Number.POSITIVE_INFINITY, lte = lt } = created;
  return second > gt && second >= gte && second < lt && second <= lte;
}

async function position(
  unit: Unit,
  all: readonly StripeObject[],
  kind: keyof StripeObjects,
  id: string,
): Promise<number> {
  await unit.demand(kind, id);
  return all.findIndex((object) => object.id === id);
}

const ROWS: readonly Row[] = [
  ["POST", /^\/v1\/payment_intents$/, "prepay", one(stripeRequests.createIntent, createIntent)],
  [
    "GET",
    /^\/v1\/payment_intents$/,
    "list",
    list("payment_intent", "/v1/payment_intents", stripeRequests.tradePage),
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
    list("checkout.session", "/v1/checkout/sessions", stripeRequests.tradePage),
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
  ["GET", /^\/v1\/refunds$/, "list", list("refund", "/v1/refunds", stripeRequests.refundPage)],
  ["GET", /^\/v1\/refunds\/([^/]+)$/, "query-refund", retrieve("refund")],
  ["GET", /^\/v1\/disputes$/, "list", list("dispute", "/v1/disputes", stripeRequests.refundPage)],
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
  ["GET", /^\/v1\/balance_transactions\/([^/]+)$/, "balance", retrieve("balance_transaction")],
  ["GET", /^\/v1\/events$/, "list", list("event", "/v1/events")],
  ["GET", /^\/v1\/events\/([^/]+)$/, "event", retrieve("event")],
  ["POST", /^\/v1\/webhook_endpoints$/, "endpoint", createEndpoint],
  ["GET", /^\/v1\/webhook_endpoints$/, "list", list("webhook_endpoint", "/v1/webhook_endpoints")],
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
