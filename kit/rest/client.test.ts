import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { AppError } from "@mall/kit/errors";
import { requestJson } from "./client.ts";
import { serve, tokenOf } from "./test-server.ts";

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
  assert.deepEqual(await requestJson({ baseUrl: url }, "POST", "/echo", body), { ...body, level: 7 });
  assert.deepEqual(await requestJson({ baseUrl: url, token: tokenOf(4) }, "POST", "/me"), { uid: 4 });
});

test("an error of the server arrives as the same AppError", async (t) => {
  const { url } = await serve(t);
  const error = await failure(requestJson({ baseUrl: url }, "POST", "/echo", { uid: -1 }));
  assert.deepEqual([error.code, error.reason, error.field], ["INVALID_ARGUMENT", "INVALID_FIELD", "uid"]);
  assert.equal(error.message, 'field "uid" must be between 0 and 4294967295');
});

test("the text of a Go peer arrives with the code of its status", async (t) => {
  const text = await failure(requestJson({ baseUrl: await foreignServer(t, 400, "no user\n") }, "POST", "/"));
  assert.deepEqual([text.code, text.reason, text.message], ["INVALID_ARGUMENT", "HTTP_400", "no user"]);
  const empty = await failure(requestJson({ baseUrl: await foreignServer(t, 503, "") }, "POST", "/"));
  assert.deepEqual([empty.code, empty.message], ["UNAVAILABLE", "HTTP status 503"]);
  const strange = await failure(
    requestJson({ baseUrl: await foreignServer(t, 500, '{"code":"x"}') }, "POST", "/"),
  );
  assert.equal(strange.code, "UNKNOWN");
});

test("an answer that is not JSON is an error, an empty one is undefined", async (t) => {
  const page = await failure(requestJson({ baseUrl: await foreignServer(t, 200, "<html>") }, "GET", "/"));
  assert.equal(page.reason, "BAD_ANSWER");
  assert.equal(await requestJson({ baseUrl: await foreignServer(t, 200, "") }, "GET", "/"), undefined);
});

test("no answer is UNAVAILABLE and names the url", async () => {
  const error = await failure(requestJson({ baseUrl: "http://127.0.0.1:1" }, "POST", "/echo", {}));
  assert.deepEqual([error.code, error.message], ["UNAVAILABLE", "no answer from http://127.0.0.1:1/echo"]);
});
