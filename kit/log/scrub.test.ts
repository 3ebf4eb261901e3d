import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { scrub } from "./scrub.ts";

describe("scrub", () => {
  const secrets: readonly [string, string][] = [
    ["Duplicate entry '15212230311' for key 'mobile'", "Duplicate entry '[digits]' for key 'mobile'"],
    ["/api/user/+8615212230311/x", "/api/user/[digits]/x"],
    ["card 4111 1111 1111 1111.", "card [digits]."],
    ["card 4111-1111-1111-1111", "card [digits]"],
    ["Authorization: Bearer abc.def", "Authorization: [redacted]"],
    ["got eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOjF9.abc-_1", "got [token]"],
    ["password=hunter2&x=1", "password=[redacted]&x=1"],
    ['{"password":"hunter2","a":1}', '{"password":[redacted],"a":1}'],
    ["root:123456@tcp(mysql:3306)/mall", "[redacted]@tcp(mysql:3306)/mall"],
    ["redis://:pa55@redis:6379", "redis://[redacted]@redis:6379"],
  ];
  for (const [text, clean] of secrets) {
    it(`takes the secret out of ${text}`, () => assert.equal(scrub(text), clean));
  }

  const harmless = [
    "[HTTP] 200 - POST /api/user/login - 127.0.0.1:43120 - Mozilla/5.0 (X11; Linux x86_64)",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "at file:///srv/mall/node_modules/@grpc/grpc-js/build/src/client.js:123:45",
    "took 1234567890 ms at 2024-01-02T15:04:05.123+08:00",
  ];
  for (const text of harmless) {
    it(`leaves ${text}`, () => assert.equal(scrub(text), text));
  }

  it("is done with a long hostile text at once", () => {
    const startedAt = performance.now();
    for (const piece of ["a:", "1 ", "token=", "bearer ", "eyJ", "//:@"]) scrub(piece.repeat(10_000));
    assert.ok(performance.now() - startedAt < 2000);
  });
});
