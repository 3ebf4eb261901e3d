import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpRequest } from "@mall/kit/http";
import { createOwnGateway, OWN_GATEWAY } from "./own-gateway.ts";

test("what is meant for the own gateway goes there once it is open, all else where it belongs", async () => {
  const urls: string[] = [];
  const gateway = createOwnGateway();
  const http = gateway.through({
    send: async ({ url }) => {
      urls.push(url);
      return { status: 200, headers: {}, body: new Uint8Array() };
    },
  });
  const send = (url: string) => {
    const request: HttpRequest = { method: "POST", url, headers: {} };
    return http.send(request, { timeoutMs: 1 });
  };
  await assert.rejects(send(`${OWN_GATEWAY}/sandbox/api/query`), { code: "UNAVAILABLE" });
  for (const [address, reached] of [
    ["http://127.0.0.1:8888", "http://127.0.0.1:8888/a?b=c"],
    ["http://0.0.0.0:8888", "http://127.0.0.1:8888/a?b=c"],
    ["http://[::]:8888", "http://[::1]:8888/a?b=c"],
    ["http://10.0.0.1:8888", "http://10.0.0.1:8888/a?b=c"],
  ] as const) {
    gateway.address = address;
    await send(`${OWN_GATEWAY}/a?b=c`);
    assert.equal(urls.at(-1), reached);
  }
  for (const elsewhere of ["http://127.0.0.1:1/a", `${OWN_GATEWAY}.example/a`]) {
    await send(elsewhere);
    assert.equal(urls.at(-1), elsewhere);
  }
});
