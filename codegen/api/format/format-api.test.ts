import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ContractError } from "../../emit/index.ts";
import { parseApi } from "../parse.ts";
import { formatApi } from "./format-api.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** As it is written, and as it is laid out. */
const CASES: Readonly<Record<string, readonly [written: string, laidOut: string]>> = {
  "what is in brackets moves in, values and fields stand below each other": [
    'syntax="v1"\ninfo(\ntitle: x\nlonger:"y"\n)\nimport(\n"a.api"\n  "b.api")\n' +
      '@server(jwt:Auth\n   middleware : A , B)\nservice x-api{ @doc"it"\n@handler do\nget /x-y/:id(Req)returns([ ]Resp);}\n',
    'syntax = "v1"\n\ninfo (\n\ttitle:  x\n\tlonger: "y"\n)\n\nimport (\n\t"a.api"\n\t"b.api"\n)\n\n' +
      "@server (\n\tjwt:        Auth\n\tmiddleware: A,B\n)\nservice x-api {\n" +
      '\t@doc "it"\n\t@handler do\n\tget /x-y/:id (Req) returns ([]Resp)\n}\n',
  ],
  "fields, embedded and inline structs": [
    'type ( A { Id,Other int `json:"a"`\nName map [string] []*B\n*B\nC\nIn {\nX [3]int `form:"x"` } `json:"in"`\nE interface { } }\nB struct { }\n)',
    'type (\n\tA {\n\t\tId, Other int `json:"a"`\n\t\tName      map[string][]*B\n\t\t*B\n\t\tC\n\t\tIn {\n' +
      '\t\t\tX [3]int `form:"x"`\n\t\t} `json:"in"`\n\t\tE interface{}\n\t}\n\tB {}\n)\n',
  ],
  "comments stay where they are, what stood amid a line goes to its end": [
    "// top\n\n// of A\ntype A { // opens\n// own line\n  X /* why */ int // end\n\n  /* a\n b */\n Y string\n // last\n}\n// between\nservice s {\n// first\n@handler a\nget /a ( // q\nA)\n// over\n}// done",
    "// top\n\n// of A\ntype A { // opens\n\t// own line\n\tX int /* why */ // end\n\n\t/* a\n b */\n\tY string\n\t// last\n}\n\n" +
      "// between\nservice s {\n\t// first\n\t@handler a\n\tget /a (A) // q\n\t// over\n} // done\n",
  ],
  "empty brackets, more than one empty line, other line ends": [
    'import "a.api"\r\nimport "b.api"\r\n\r\n\r\ntype A {}\r\ntype B{\r\n\r\n\r\nX int\r\n\r\n\r\nY int\r\n}\r\n\r\nservice s {\r\n@handler a\r\npost /a () returns ()\r\n@handler b\r\nput /b\r\n}\r\n',
    'import "a.api"\nimport "b.api"\n\ntype A {}\n\ntype B {\n\tX int\n\n\tY int\n}\n\nservice s {\n\t@handler a\n\tpost /a\n\n\t@handler b\n\tput /b\n}\n',
  ],
  "what goctl no longer takes becomes what it takes": [
    "type A struct {\nX int\n}\nservice s {\n@server(\nhandler: Old\n)\nget /a\n}",
    "type A {\n\tX int\n}\n\nservice s {\n\t@handler Old\n\tget /a\n}\n",
  ],
  "values that look like comments": [
    "info(\nurl: https://x.y/z // c\n)\ntype A {}\nservice s {\n@doc(\n a: 1 ; 2\n)\n@handler a\nget /a\n}",
    "info (\n\turl: https://x.y/z // c\n)\n\ntype A {}\n\nservice s {\n\t@doc (\n\t\ta: 1 ; 2\n\t)\n\t@handler a\n\tget /a\n}\n",
  ],
};

describe("formatApi", () => {
  for (const [what, [written, laidOut]] of Object.entries(CASES)) {
    it(`lays out: ${what}`, () => {
      assert.equal(formatApi(written, "a.api"), laidOut);
      assert.equal(formatApi(laidOut, "a.api"), laidOut);
    });
  }

  it("changes nothing that a contract says", async () => {
    for (const path of [
      "services/pay/api/pay.api",
      "services/order/api/order.api",
      "codegen/testdata/api/seed-pay.api",
    ]) {
      const source = await readFile(join(ROOT, path), "utf8");
      const laidOut = formatApi(source, "a.api");
      assert.deepEqual(withoutPlaces(parseApi(laidOut, "a.api")), withoutPlaces(parseApi(source, "a.api")));
      assert.equal(formatApi(laidOut, "a.api"), laidOut);
    }
  });

  it("says what is wrong with the syntax, and leaves imports and unknown types to others", () => {
    assert.throws(
      () => formatApi("type A {\n X chan\n Y [int\n}", "a.api"),
      (error) => error instanceof ContractError && error.position.line === 2 && error.others.length === 1,
    );
    assert.equal(formatApi('import "none.api"\ntype A {\n\tX Missing\n}', "a.api").split("\n").length, 6);
  });
});

function withoutPlaces(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === "at" ? undefined : inner)));
}
