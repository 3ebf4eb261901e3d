import { createPayHttpClient } from "@mall/pay/api";
import { sessionFetch } from "./session.ts";

const http = { baseUrl: "", fetch: sessionFetch };

export const pay = createPayHttpClient(http);
