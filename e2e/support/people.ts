import { randomInt } from "node:crypto";
import { ROLE } from "@mall/kit/auth";
import { type HttpClient, signToken } from "@mall/kit/rest";
import { createOrderHttpClient, type OrderHttpClient } from "@mall/order/api";
import { createPayHttpClient, type PayHttpClient } from "@mall/pay/api";
import { createProductHttpClient, type ProductHttpClient } from "@mall/product/api";
import { createUserHttpClient, type UserHttpClient } from "@mall/user/api";
import { TEST_SECRET } from "./mall.ts";

/** Base URLs of the four apis; all the same behind a gateway. */
export interface ApiUrls {
  readonly user: string;
  readonly product: string;
  readonly order: string;
  readonly pay: string;
}

/** Somebody with a token, who calls every api. */
export interface Person {
  readonly uid: number;
  readonly token: string;
  readonly user: UserHttpClient;
  readonly product: ProductHttpClient;
  readonly order: OrderHttpClient;
  readonly pay: PayHttpClient;
}

export const PASSWORD = "123456";

/** The same URL for every api. */
export function gatewayUrls(url: string): ApiUrls {
  return { user: url, product: url, order: url, pay: url };
}

/** A mobile number nobody else has. */
export function newMobile(): string {
  return `15${randomInt(100_000_000, 999_999_999)}${randomInt(10, 99)}`;
}

/** Registers a new user through the api and logs in. */
export async function newCustomer(urls: ApiUrls): Promise<Person> {
  const visitor = createUserHttpClient({ baseUrl: urls.user });
  const mobile = newMobile();
  const { id } = await visitor.register({ name: "ving", gender: 1, mobile, password: PASSWORD });
  const { accessToken } = await visitor.login({ mobile, password: PASSWORD });
  return personWithToken(urls, id, accessToken);
}

/** Somebody who holds a token of a role, made from the shared secret as `mall token` does. */
export function personOfRole(
  urls: ApiUrls,
  role: keyof typeof ROLE,
  uid = 1,
  send?: HttpClient["fetch"],
): Person {
  const now = Math.floor(Date.now() / 1000);
  const token = signToken({ secret: TEST_SECRET, uid, role: ROLE[role], now, expireSeconds: 3600 });
  return personWithToken(urls, uid, token, send);
}

/** Somebody who holds a token; `send` is what the requests go through, by default the global fetch. */
export function personWithToken(
  urls: ApiUrls,
  uid: number,
  token: string,
  send?: HttpClient["fetch"],
): Person {
  const client = (baseUrl: string): HttpClient => ({ baseUrl, token, fetch: send });
  return {
    uid,
    token,
    user: createUserHttpClient(client(urls.user)),
    product: createProductHttpClient(client(urls.product)),
    order: createOrderHttpClient(client(urls.order)),
    pay: createPayHttpClient(client(urls.pay)),
  };
}
