import { createOrderHttpClient } from "@mall/order/api";
import { createPayHttpClient } from "@mall/pay/api";
import { createProductHttpClient } from "@mall/product/api";
import { createUserHttpClient } from "@mall/user/api";
import { PageSession, type Session, sessionFetchOf } from "../../shared/page-session.ts";

/** Who is signed in, and what the shop's prices are in. */
export interface ShopSession extends Session {
  /** ISO 4217. */
  readonly currency: string;
}

const active = sessionFetchOf(() => "active");
const atWork = { baseUrl: "", fetch: active };
const watching = { baseUrl: "", fetch: sessionFetchOf(() => "watching") };

export const session = new PageSession<ShopSession>("/api/shop/session", active);
export const products = createProductHttpClient(atWork);
export const orders = createOrderHttpClient(atWork);
export const pay = createPayHttpClient(atWork);
export const users = createUserHttpClient(atWork);

/** For what the page asks by itself, again and again. */
export const watched = {
  orders: createOrderHttpClient(watching),
  pay: createPayHttpClient(watching),
};
