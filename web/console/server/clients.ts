import { createOrderHttpClient } from "@mall/order/api";
import { createPayHttpClient } from "@mall/pay/api";
import { createProductHttpClient } from "@mall/product/api";
import { createUserHttpClient } from "@mall/user/api";
import { sessionFetch } from "./session.ts";

const http = { baseUrl: "", fetch: sessionFetch };

export const orders = createOrderHttpClient(http);
export const pay = createPayHttpClient(http);
export const products = createProductHttpClient(http);
export const users = createUserHttpClient(http);
