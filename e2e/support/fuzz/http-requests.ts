import fc from "fast-check";
import type { Operation, Schema } from "../openapi.ts";
import type { RawRequest } from "../raw-http.ts";

/** JSON fragments, valid and not, that readers get wrong. */
const FRAGMENTS = [
  "null",
  "true",
  "[]",
  "{}",
  "[1]",
  '""',
  '"1"',
  '"a\\u0000b"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"🍎"',
  `"${"x".repeat(300)}"`,
  `"${"🍎".repeat(256)}"`,
  "0",
  "-0",
  "-1",
  "1.0",
  "1.5",
  "1e3",
  "1e999",
  "-1e999",
  "NaN",
  "Infinity",
  "0x10",
  "01",
  "255",
  "256",
  "4294967295",
  "4294967296",
  "9007199254740991",
  "9007199254740992",
  "9007199254740993",
  "18446744073709551616",
  "123456789012345678901234567890",
  "1e-7",
  '{"__proto__":{"role":2}}',
  '{"constructor":{"prototype":1}}',
  `${"[".repeat(40)}${"]".repeat(40)}`,
  `${'{"a":'.repeat(2000)}1${"}".repeat(2000)}`,
  "'x'",
  "undefined",
  "",
];

const WHOLE_BODIES = ["", " ", "{", "}", "[]", "[[[", "null", "1", '"x"', "{}{}", "\ufeff{}", "\u0000"];
const KEYS = ["id", "uid", "__proto__", "constructor", "ID", "", "\\u0069d", "role", "toString"];
const CONTENT_TYPES = [
  "application/json; charset=utf-8",
  "application/json; charset=gbk",
  "application/json;",
  "APPLICATION/JSON",
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/xml",
  "",
  ";;;",
  "a".repeat(500),
];
const TOKENS = [
  "",
  "Bearer",
  "Bearer ",
  "Bearer x",
  "Bearer a.b.c",
  "bearer bearer",
  "Basic YTpi",
  "x".repeat(5000),
];
/** Few, so that they meet again with other bodies and on other routes. */
const IDEMPOTENCY_KEYS = [
  "a",
  "b",
  "A",
  " b ",
  "a,b",
  '"a"',
  "x".repeat(255),
  "x".repeat(256),
  "\u00e9",
  "\t",
];
const OTHER_PATHS = [
  "/",
  "/api",
  "/api/",
  "/api/unknown",
  "/api/order/detail/1",
  "/api//order/detail",
  "/api/../etc/passwd",
  "/..%2f..%2fetc/passwd",
  "/docs/../package.json",
  "/docs/%2e%2e/index.ts",
  "/%00",
  "/%zz",
  "/%ff%fe",
  "/healthz/x",
  `/${"a".repeat(3000)}`,
  "/api/order/detail?id=1&id=2",
  "/__proto__",
];
const METHODS = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"];

/** Requests around what a mall offers: most reach a route with a body that is nearly right. */
export function httpRequests(
  operations: readonly Operation[],
  tokens: readonly string[],
): fc.Arbitrary<RawRequest> {
  return fc.constantFrom(...operations).chain((operation) =>
    fc
      .record({
        method: usually(operation.method, METHODS),
        path: usually(operation.path, [...OTHER_PATHS, `${operation.path}/`, operation.path.toUpperCase()]),
        body: bodyOf(operation),
        type: usually("application/json", CONTENT_TYPES),
        encoding: usually("", ["gzip", "identity", "br", "deflate"]),
        authorization: fc.oneof(
          { weight: 9, arbitrary: fc.constantFrom(...tokens.map((token) => `Bearer ${token}`)) },
          { weight: 1, arbitrary: fc.constantFrom(...TOKENS) },
        ),
        key: fc.oneof(
          { weight: 2, arbitrary: fc.constant(undefined) },
          { weight: 1, arbitrary: fc.constantFrom(...IDEMPOTENCY_KEYS) },
        ),
        chunked: fc.boolean(),
      })
      .map(({ method, path, body, type, encoding, authorization, key, chunked }) => ({
        method,
        path,
        body,
        chunked,
        headers: {
          ...(type === "" ? {} : { "content-type": type }),
          ...(encoding === "" ? {} : { "content-encoding": encoding }),
          ...(authorization === "" ? {} : { authorization }),
          ...(key === undefined ? {} : { "idempotency-key": key }),
        },
      })),
  );
}

function usually(value: string, others: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 9, arbitrary: fc.constant(value) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

function bodyOf(operation: Operation): fc.Arbitrary<string | Buffer> {
  const members = Object.entries(operation.properties).map(([name, schema]) => memberOf(name, schema));
  const extra = fc
    .tuple(fc.constantFrom(...KEYS), fc.constantFrom(...FRAGMENTS))
    .map(([key, fragment]) => [`"${key}":${fragment}`]);
  const object = fc
    .tuple(
      fc.tuple(...members),
      fc.oneof({ weight: 5, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: extra }),
    )
    .map(([known, added]) => `{${[...known.flat(), ...added].join(",")}}`);
  return fc.oneof(
    { weight: 12, arbitrary: object },
    { weight: 1, arbitrary: fc.constantFrom(...WHOLE_BODIES, ...FRAGMENTS) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  );
}

/** A field as it should be, as it should not, left out, or given twice. */
function memberOf(name: string, schema: Schema): fc.Arbitrary<string[]> {
  const good = goodValue(schema).map((value) => [`"${name}":${value}`]);
  const bad = fc.constantFrom(...FRAGMENTS).map((fragment) => [`"${name}":${fragment}`]);
  return fc.oneof(
    { weight: 12, arbitrary: good },
    { weight: 3, arbitrary: bad },
    { weight: 1, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: fc.tuple(good, bad).map(([first, second]) => [...first, ...second]) },
  );
}

function goodValue({ type, minimum = 0, maximum = 9 }: Schema): fc.Arbitrary<string> {
  if (type !== "integer") return fc.constantFrom('"x"', '"苹果"', '"123456"', '"15212230311"');
  const near = fc.integer({ min: minimum, max: Math.min(maximum, minimum + 9) });
  return fc.oneof(near, fc.constantFrom(minimum, maximum, 500)).map(String);
}
