import { pause } from "@mall/kit/async";
import { type HttpClient, requestJson } from "@mall/kit/rest";
import type { Runtime } from "@mall/kit/runtime";
import { createOrderHttpClient, type OrderHttpClient } from "@mall/order/api";
import { createPayHttpClient, type PayHttpClient } from "@mall/pay/api";
import { createProductHttpClient, type ProductHttpClient } from "@mall/product/api";
import { createUserHttpClient } from "@mall/user/api";
import { readAccessSecret } from "../../all-in-one/data-dir.ts";
import { createOperators, type Operators } from "../operators.ts";
import { randomMobile } from "../random-mobile.ts";
import type { ChaosMall } from "./chaos-mall.ts";
import { chaosFailed, type Story } from "./story.ts";

/** 19.90, in fen. */
export const PRICE = 1990;

const WAIT_MS_MAX = 20_000;
const LOOK_MS = 50;

/** A fault of the sandbox bank, see POST /sandbox/faults in /docs. */
interface Fault {
  readonly fault: string;
  readonly outTradeNo: string;
}

/** An order with its payment. */
export interface Purchase {
  readonly oid: number;
  readonly id: number;
}

/** The people of a mall and its bank, over HTTP. Clients are made anew for each use: the address may change. */
export interface Shop {
  readonly mall: ChaosMall;
  readonly story: Story;
  readonly runtime: Runtime;
  readonly uid: number;
  customer(): { readonly orders: OrderHttpClient; readonly pays: PayHttpClient };
  staff(): {
    readonly products: ProductHttpClient;
    readonly orders: OrderHttpClient;
    readonly pays: PayHttpClient;
  };
  /** Puts a product up; its id. */
  product(stock: number): Promise<number>;
  stock(pid: number): Promise<number>;
  /** Orders a product and opens the payment. */
  open(pid: number): Promise<Purchase>;
  /** Opens the payment at the bank; its number there. */
  prepay(id: number): Promise<string>;
  /** What the bank is to do wrong next. */
  fault(...faults: readonly Fault[]): Promise<void>;
  /** The buyer pays at the bank, the amount asked for by default. */
  buyerPays(outTradeNo: string, amount?: number): Promise<void>;
  /**
   * Waits until payment and order have these states.
   *
   * @returns how long that took, for the reader.
   * @throws AppError FAILED_PRECONDITION DEMO_FAILED where they never do.
   */
  until(purchase: Purchase, status: { readonly pay: number; readonly order: number }): Promise<string>;
  /** Waits until a refund has been made. */
  untilRefunded(refundNo: string): Promise<void>;
}

/** Registers a customer, and signs what staff need. */
export async function openShop(mall: ChaosMall, story: Story, runtime: Runtime): Promise<Shop> {
  const { uid, token } = await register(mall, runtime);
  const operators = operatorsOf(mall, token, runtime);
  const http = (whose: string): HttpClient => ({ baseUrl: mall.url, token: whose });
  const customer = () => ({
    orders: createOrderHttpClient(http(token)),
    pays: createPayHttpClient(http(token)),
  });
  const staff = () => ({
    products: createProductHttpClient(http(operators.staff)),
    orders: createOrderHttpClient(http(operators.staff)),
    pays: createPayHttpClient(http(operators.staff)),
  });
  const bank = (path: string, body: object) => requestJson(http(""), { method: "POST", path }, body);
  const waiting = { runtime };
  return {
    ...{ mall, story, runtime, uid, customer, staff },
    product: async (stock) => {
      const product = { name: "Green tea", desc: "250 g", stock, amount: PRICE, status: 0 };
      return (await staff().products.create(product)).id;
    },
    stock: async (pid) => (await staff().products.detail({ id: pid })).stock,
    open: async (pid) => {
      const { id: oid } = await customer().orders.create({ uid, pid, amount: PRICE });
      const { id } = await customer().pays.create({ uid, oid, amount: PRICE });
      return { oid, id };
    },
    prepay: async (id) => (await customer().pays.prepay({ id, channel: "sandbox" })).outTradeNo,
    fault: async (...faults) => void (await bank("/sandbox/faults", { faults })),
    buyerPays: async (outTradeNo, amount) => void (await bank("/sandbox/pay", { outTradeNo, amount })),
    until: ({ oid, id }, status) =>
      waitUntil(
        waiting,
        `payment ${id} and order ${oid} to be ${status.pay} and ${status.order}`,
        async () => {
          const pay = await customer().pays.detail({ id });
          const order = await customer().orders.detail({ id: oid });
          return pay.status === status.pay && order.status === status.order;
        },
      ),
    untilRefunded: async (refundNo) => {
      await waitUntil(waiting, `refund ${refundNo}`, async () => {
        const refund = await staff().pays.refundDetail({ refundNo });
        return refund.status === 2;
      });
    },
  };
}

async function register(mall: ChaosMall, runtime: Runtime): Promise<{ uid: number; token: string }> {
  const users = createUserHttpClient({ baseUrl: mall.url });
  const mobile = randomMobile(runtime);
  const password = Buffer.from(runtime.randomBytes(12)).toString("base64url");
  const { id: uid } = await users.register({ name: "demo", gender: 1, mobile, password });
  const { accessToken: token } = await users.login({ mobile, password });
  return { uid, token };
}

function operatorsOf({ dataDir }: ChaosMall, token: string, runtime: Runtime): Operators {
  const secret = readAccessSecret(dataDir);
  if (secret === undefined) throw chaosFailed(`there is no access secret in ${dataDir}`);
  return createOperators({ token }, { secret, origin: dataDir, named: true }, runtime);
}

/** How long it took, as text; a look that fails counts as a no. */
async function waitUntil(
  { runtime }: Pick<Shop, "runtime">,
  what: string,
  look: () => Promise<boolean>,
): Promise<string> {
  const startedAt = runtime.now();
  let failure: unknown;
  while (runtime.now() - startedAt < WAIT_MS_MAX) {
    const isThere = await look().catch((error: unknown) => {
      failure = error;
      return false;
    });
    if (isThere) return duration(runtime.now() - startedAt);
    await pause(runtime, LOOK_MS);
  }
  throw chaosFailed(`waited in vain for ${what}`, failure);
}

function duration(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
