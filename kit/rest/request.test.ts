import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { echoRoute, exchangeRaw, meRoute, post, serve, tokenOf } from "./test-server.ts";

const valid = { uid: 1, name: "a" };
const validText = JSON.stringify(valid);
/** What the logic sees: the default is filled in. */
const seen = { ...valid, level: 7 };

describe("a request body", () => {
  test("reaches the logic with known keys only, defaults filled in, null options left out", async (t) => {
    const { url } = await serve(t);
    const body = {
      ...valid,
      amount: null,
      unknown: { deep: 1.5 },
      lines: [{ id: 1, x: 1 }],
      ratio: 1.5,
      Uid: 2,
    };
    const answer = await post(`${url}/echo`, JSON.stringify(body));
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, { ...seen, lines: [{ id: 1 }], ratio: 1.5 });
    assert.equal(answer.headers.get("content-type"), "application/json; charset=utf-8");
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
  });

  test("may hold one of several fields that exclude each other; null is none", async (t) => {
    const integer = { type: "integer", maximum: 9 };
    const request = {
      type: "object",
      properties: { stock: integer, change: integer, sale: integer },
      not: { anyOf: [{ required: ["change", "stock"] }, { required: ["sale", "stock"] }] },
    };
    const { url } = await serve(t, { routes: [{ ...echoRoute, request }] });
    const ask = (body: object) => post(`${url}/echo`, JSON.stringify(body));
    for (const body of [{}, { stock: 1 }, { change: 1, sale: 2 }])
      assert.deepEqual((await ask(body)).body, body);
    assert.deepEqual((await ask({ stock: null, change: 1 })).body, { change: 1 });
    for (const [body, field, msg] of [
      [{ stock: 1, change: 0 }, "change", 'field "change" must not come with stock'],
      [{ stock: 1, sale: 1, change: null }, "sale", 'field "sale" must not come with stock'],
      [{ stock: 10, change: 1 }, "stock", undefined],
      [{ stock: 1, change: 10 }, "change", undefined],
    ] as const) {
      const answer = await ask(body);
      assert.deepEqual([answer.status, answer.body.field], [400, field]);
      if (msg !== undefined) assert.equal(answer.body.msg, msg);
    }
  });

  test("that breaks a rule answers 400 naming the first such field in declaration order", async (t) => {
    const { url } = await serve(t);
    const cases: [string | undefined, string, string | undefined][] = [
      [undefined, 'field "uid" is not set', "uid"],
      ["", 'field "uid" is not set', "uid"],
      ["{}", 'field "uid" is not set', "uid"],
      ['{"UID":1}', 'field "uid" is not set', "uid"],
      ['{"uid":"1"}', 'type mismatch for field "uid", expect "integer", actual "string"', "uid"],
      ['{"uid":[]}', 'type mismatch for field "uid", expect "integer", actual "array"', "uid"],
      ['{"uid":1,"name":2}', 'type mismatch for field "name", expect "string", actual "number"', "name"],
      ['{"uid":null,"name":"a"}', 'field "uid" mustn\'t be nil', "uid"],
      ['{"uid":1,"name":"a","level":null}', 'field "level" mustn\'t be nil', "level"],
      ['{"uid":-1,"name":"a"}', 'field "uid" must be between 0 and 4294967295', "uid"],
      ['{"uid":9007199254740993}', 'field "uid" must be between 0 and 4294967295', "uid"],
      [`{"uid":${"9".repeat(400)}}`, 'field "uid" is not an integer in range', "uid"],
      ['{"uid":1.0,"name":"a"}', 'field "uid" must be written as an integer', "uid"],
      ['{"uid":1,"uid":2}', 'field "uid" is given twice', "uid"],
      ['{"uid":1,"name":"a","kind":"c"}', 'field "kind" must be one of "a", "b"', "kind"],
      ['{"uid":1,"name":"a","lines":[{"id":1},{}]}', 'field "lines[1].id" is not set', "lines[1].id"],
      ["[]", "the body must be a JSON object", undefined],
      ["null", "the body must be a JSON object", undefined],
      ['{"uid":', "the body is not valid JSON: it ends too early", undefined],
      ['{"uid":1} x', "the body is not valid JSON at position 10", undefined],
      ["\ufeff{}", "the body starts with a byte order mark; JSON is sent without one", undefined],
    ];
    for (const [body, msg, field] of cases) {
      const answer = await post(`${url}/echo`, body);
      assert.equal(answer.status, 400, msg);
      assert.equal(answer.body.msg, msg);
      assert.equal(answer.body.field, field);
      assert.equal(answer.body.code, 3);
    }
  });

  test("of a type without fields is an empty object to the logic", async (t) => {
    const request = { type: "object", required: [], properties: {} };
    const { url } = await serve(t, { routes: [{ ...echoRoute, request }] });
    assert.deepEqual((await post(`${url}/echo`, '{"x":1}')).body, {});
    assert.deepEqual((await post(`${url}/echo`, undefined)).body, {});
  });

  test("that is not valid UTF-8 answers 400", async (t) => {
    const { url } = await serve(t);
    const answer = await post(`${url}/echo`, Buffer.from('{"uid":1,"name":"\xff"}', "latin1"));
    assert.equal(answer.status, 400);
    assert.equal(answer.body.msg, "the body is not valid UTF-8");
  });
});

describe("the media type of a body", () => {
  test("is JSON in UTF-8 in any usual spelling; anything else answers 415", async (t) => {
    const { url } = await serve(t);
    const good = [
      "application/json",
      "APPLICATION/JSON",
      "application/json; charset=utf-8",
      'application/json;charset="UTF-8"',
    ];
    for (const type of good)
      assert.equal((await post(`${url}/echo`, validText, { "content-type": type })).status, 200);
    const bad = [
      "text/plain",
      "application/jsonp",
      "application/json; charset=gbk",
      "x",
      "multipart/form-data",
    ];
    for (const type of bad) {
      const answer = await post(`${url}/echo`, validText, { "content-type": type });
      assert.equal(answer.status, 415, type);
      assert.equal(answer.body.reason, "UNSUPPORTED_MEDIA_TYPE");
    }
    const none = await post(`${url}/echo`, Buffer.from(validText), { "content-type": "" });
    assert.equal(none.status, 415);
  });

  test("does not matter to a route that takes no request", async (t) => {
    const { url } = await serve(t);
    for (const type of ["text/plain", "application/json", "application/x-www-form-urlencoded"]) {
      const headers = { authorization: tokenOf(3), "content-type": type };
      assert.deepEqual((await post(`${url}/me`, "{broken", headers)).body, { uid: 3 });
    }
    assert.deepEqual((await post(`${url}/me`, undefined, { authorization: tokenOf(3) })).body, { uid: 3 });
  });
});

describe("the size of a body", () => {
  test("over the limit answers 413, whether announced or chunked, and before the token is looked at", async (t) => {
    const { url } = await serve(t, { bodyBytesMax: 1000 });
    const large = JSON.stringify({ ...valid, name: "a".repeat(2000) });
    assert.equal((await post(`${url}/echo`, large)).status, 413);
    assert.equal((await post(`${url}/me`, large)).status, 413);
    assert.equal((await post(`${url}/me`, "{}")).status, 401);
    const stream = { body: new Blob([large.repeat(1000)]).stream(), duplex: "half" };
    const headers = { "content-type": "application/json" };
    const streamed = await fetch(`${url}/echo`, { method: "POST", headers, ...stream } as RequestInit);
    assert.equal(streamed.status, 413);
    const chunk = `3e8\r\n${"a".repeat(1000)}\r\n`;
    const chunked = await exchangeRaw(
      url,
      `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}${chunk}0\r\n\r\n`,
    );
    assert.match(chunked, /^HTTP\/1.1 413 /);
    assert.match(chunked, /"reason":"BODY_TOO_LARGE"/);
  });

  test("within the limit may be chunked or gzip", async (t) => {
    const { url } = await serve(t);
    const stream = new Blob([validText]).stream();
    const response = await fetch(`${url}/echo`, {
      method: "POST",
      body: stream,
      headers: { "content-type": "application/json" },
      duplex: "half",
    } as RequestInit);
    assert.deepEqual(await response.json(), seen);
    const zipped = await post(`${url}/echo`, gzipSync(validText), { "content-encoding": "GZIP" });
    assert.deepEqual(zipped.body, seen);
  });

  test("counts inflated: a small bomb answers 413, bad gzip 400, another encoding 415", async (t) => {
    const { url } = await serve(t, { bodyBytesMax: 100_000 });
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    assert.ok(bomb.length < 100_000);
    assert.equal((await post(`${url}/echo`, bomb, { "content-encoding": "gzip" })).status, 413);
    assert.equal((await post(`${url}/echo`, validText, { "content-encoding": "gzip" })).status, 400);
    assert.equal((await post(`${url}/echo`, validText, { "content-encoding": "br" })).status, 415);
  });
});

test("a token is checked before the body's content, and after its size", async (t) => {
  const { url } = await serve(t, { routes: [{ ...echoRoute, auth: true }, meRoute] });
  const answer = await post(`${url}/echo`, "{broken");
  assert.equal(answer.status, 401);
  assert.equal(answer.headers.get("www-authenticate"), "Bearer");
  assert.deepEqual(answer.body, { code: 16, msg: "a token is needed", reason: "TOKEN_MISSING" });
  assert.equal((await post(`${url}/echo`, "{broken", { authorization: tokenOf(1) })).status, 400);
});

test("a request with two hosts is refused, whatever their case, since a proxy may have gone by the other", async (t) => {
  const { url } = await serve(t);
  const head = "Content-Type: application/json\r\nContent-Length: 20\r\nConnection: close\r\n\r\n";
  const send = (hosts: string) =>
    exchangeRaw(url, `POST /echo HTTP/1.1\r\n${hosts}${head}{"uid":1,"name":"x"}`);
  assert.match(await send("Host: a\r\n"), /^HTTP\/1\.1 200 /);
  for (const hosts of [
    "Host: a\r\nHost: b\r\n",
    "Host: a\r\nHOST: a\r\n",
    "host: a\r\nX-Other: c\r\nhOsT: b\r\n",
  ]) {
    const answer = await send(hosts);
    assert.match(answer, /^HTTP\/1\.1 400 /, hosts);
    assert.match(answer, /"field":"Host"/);
  }
});
