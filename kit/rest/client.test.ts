import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { AppError } from "@mall/kit/errors";
import { requestJson } from "./client.ts";
import type { Route } from "./route.ts";
import { meRoute, serve, tokenOf } from "./test-server.ts";

async function failure(call: Promise<unknown>): Promise<AppError> {
  const error = await call.then(
    () => assert.fail("it succeeded"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof AppError);
  return error;
}

/** A server that is not ours: answers every request with this status and text. */
async function foreignServer(t: TestContext, status: number, text: string): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end(text));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a client sends its body and token and gets the answer", async (t) => {
  const { url } = await serve(t);
  const body = { uid: 1, name: "a" };
  assert.deepEqual(await requestJson({ baseUrl: url }, { method: "POST", path: "/echo" }, body), {
    ...body,
    level: 7,
  });
  assert.deepEqual(await requestJson({ baseUrl: url, token: tokenOf(4) }, { method: "POST", path: "/me" }), {
    uid: 4,
  });
});

test("a client sends the key that it is given", async (t) => {
  const keyed: Route = {
    ...meRoute,
    auth: false,
    response: { type: "object", additionalProperties: true },
    handle: async ({ attachments }) => ({ key: attachments?.idempotency?.key }),
  };
  const { url } = await serve(t, { routes: [keyed] });
  const request = { method: "POST", path: "/me" };
  assert.deepEqual(await requestJson({ baseUrl: url }, { ...request, idempotencyKey: "a b" }), {
    key: "a b",
  });
  assert.deepEqual(await requestJson({ baseUrl: url }, request), {});
});

test("an error of the server arrives as the same AppError", async (t) => {
  const { url } = await serve(t);
  const error = await failure(requestJson({ baseUrl: url }, { method: "POST", path: "/echo" }, { uid: -1 }));
  assert.deepEqual([error.code, error.reason, error.field], ["INVALID_ARGUMENT", "INVALID_FIELD", "uid"]);
  assert.equal(error.message, 'field "uid" must be between 0 and 4294967295');
});

test("the text of a Go peer arrives with the code of its status", async (t) => {
  const text = await failure(
    requestJson({ baseUrl: await foreignServer(t, 400, "no user\n") }, { method: "POST", path: "/" }),
  );
  assert.deepEqual([text.code, text.reason, text.message], ["INVALID_ARGUMENT", "HTTP_400", "no user"]);
  const empty = await failure(
    requestJson({ baseUrl: await foreignServer(t, 503, "") }, { method: "POST", path: "/" }),
  );
  assert.deepEqual([empty.code, empty.message], ["UNAVAILABLE", "HTTP status 503"]);
  const strange = await failure(
    requestJson({ baseUrl: await foreignServer(t, 500, '{"code":"x"}') }, { method: "POST", path: "/" }),
  );
  assert.equal(strange.code, "UNKNOWN");
});

test("an answer that is not JSON is an error, an empty one is undefined", async (t) => {
  const page = await failure(
    requestJson({ baseUrl: await foreignServer(t, 200, "<html>") }, { method: "GET", path: "/" }),
  );
  assert.equal(page.reason, "BAD_ANSWER");
  assert.equal(
    await requestJson({ baseUrl: await foreignServer(t, 200, "") }, { method: "GET", path: "/" }),
    undefined,
  );
});

test("no answer is UNAVAILABLE and names the url", async () => {
  const error = await failure(
    requestJson({ baseUrl: "http://127.0.0.1:1" }, { method: "POST", path: "/echo" }, {}),
  );
  assert.deepEqual([error.code, error.message], ["UNAVAILABLE", "no answer from http://127.0.0.1:1/echo"]);
});
