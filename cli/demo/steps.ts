import { AppError } from "@mall/kit/errors";
import type { HttpClient } from "@mall/kit/rest";
import type { Runtime } from "@mall/kit/runtime";
import { createOrderHttpClient } from "@mall/order/api";
import { createPayHttpClient } from "@mall/pay/api";
import { createProductHttpClient } from "@mall/product/api";
import { createUserHttpClient } from "@mall/user/api";
import type { FoundSecret } from "../operator/access-secret.ts";
import type { ApiUrls } from "./find-mall.ts";
import type { Operators } from "./operators.ts";
import { randomMobile } from "./random-mobile.ts";
import type { Transcript } from "./transcript.ts";

/** 19.90, in fen. */
export const PRICE = 1990;
const UNPAID = 0;
export const PAID = 1;

export interface JourneyOptions {
  readonly urls: ApiUrls;
  /** Signs the tokens of staff and gateway. */
  readonly secret: FoundSecret | undefined;
  readonly transcript: Transcript;
  readonly runtime: Runtime;
}

/** Who buys. */
export interface Customer {
  readonly uid: number;
  readonly token: string;
}

export async function signUp(options: JourneyOptions): Promise<Customer> {
  const { runtime } = options;
  const visitor = createUserHttpClient(caller(options, "user"));
  const mobile = randomMobile(runtime);
  // Nobody knows it afterwards, so the account that stays behind is of no use to anybody.
  const password = Buffer.from(runtime.randomBytes(12)).toString("base64url");
  const { id: uid } = await step(options, "Register a customer", () =>
    visitor.register({ name: "demo", gender: 1, mobile, password }),
  );
  const { accessToken: token } = await step(options, "Log in", () => visitor.login({ mobile, password }));
  const info = await step(options, "Who am I", () =>
    createUserHttpClient(caller(options, "user", token)).userInfo(),
  );
  expect(options, "id", { is: info.id, expected: uid });
  expect(options, "mobile", { is: info.mobile, expected: mobile });
  return { uid, token };
}

export async function putUpProduct(options: JourneyOptions, operators: Operators): Promise<number> {
  const products = createProductHttpClient(caller(options, "product", operators.staff));
  const product = { name: "Green tea", desc: "250 g", stock: 10, amount: PRICE, status: 0 };
  const { id } = await step(
    options,
    "Put a product up (as staff)",
    () => products.create(product),
    operators,
  );
  return id;
}

export async function orderProduct(
  options: JourneyOptions,
  { uid, token }: Customer,
  pid: number,
): Promise<number> {
  const orders = createOrderHttpClient(caller(options, "order", token));
  const { id } = await step(options, "Order it (as the customer)", () =>
    orders.create({ uid, pid, amount: PRICE }),
  );
  const order = await step(options, "Look at the order", () => orders.detail({ id }));
  expect(options, "status", { is: order.status, expected: UNPAID });
  expect(options, "amount", { is: order.amount, expected: PRICE });
  return id;
}

/** Opens the payment of an order, and tells its id. */
export async function openPayment(
  options: JourneyOptions,
  { uid, token }: Customer,
  orderId: number,
): Promise<number> {
  const pays = createPayHttpClient(caller(options, "pay", token));
  const { id } = await step(options, "Open the payment", () =>
    pays.create({ uid, oid: orderId, amount: PRICE }),
  );
  return id;
}

/** How a service of the mall is called, each request shown. */
export function caller({ urls, transcript }: JourneyOptions, service: string, token?: string): HttpClient {
  return { baseUrl: urls.get(service) ?? "", token, fetch: transcript.fetch };
}

/** Plays one step; `operators` where it needs more than a customer's rights. */
export async function step<T>(
  { transcript }: JourneyOptions,
  title: string,
  work: () => Promise<T>,
  operators?: Operators,
): Promise<T> {
  transcript.begin(title);
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const why = error.code === "PERMISSION_DENIED" && operators?.borrowed === true ? `; ${NO_SECRET}` : "";
    throw failed(transcript.step, `${error.message} (${error.reason})${why}`, error);
  }
}

const NO_SECRET =
  "the demo's customer is no admin here: let it sign tokens with --data FOLDER, -f API.YAML or --secret-file FILE of this mall";

/** Demands what an answer says. */
export function expect(
  { transcript }: JourneyOptions,
  field: string,
  { is, expected }: { is: unknown; expected: unknown },
): void {
  if (is === expected) return;
  throw failed(transcript.step, `the answer's ${field} is ${String(is)}, expected ${String(expected)}`);
}

/** The demo ends with the step that is being played. */
export function failed(step: number, why: string, cause?: unknown): AppError {
  return new AppError("FAILED_PRECONDITION", "DEMO_FAILED", `demo: step ${step}: ${why}`, { cause });
}
