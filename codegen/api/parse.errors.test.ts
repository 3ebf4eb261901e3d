import assert from "node:assert/strict";
import { test } from "node:test";
import { ContractError } from "../emit/index.ts";
import { parseApi } from "./parse.ts";

const SERVICE = "service Pay {}";

function messageOf(source: string): string {
  try {
    parseApi(source, "pay.api");
  } catch (error) {
    assert.ok(error instanceof ContractError);
    return error.message;
  }
  return "no error";
}

function checkMessages(cases: readonly (readonly [source: string, message: string])[]): void {
  for (const [source, message] of cases) assert.equal(messageOf(source), `pay.api:${message}`);
}

/** A type A whose one field is at line 2, column 1. */
function withField(field: string): string {
  return `type A {\n${field}\n}\n${SERVICE}`;
}

/** A route whose line is line 3. */
function withRoute(route: string): string {
  return `type A {}\nservice Pay { @handler H\n${route}\n}`;
}

test("what is not a statement is named with what may stand there", () => {
  checkMessages([
    ["", "1:1: found the end of the file, expected a service"],
    ["typo A {}", '1:1: found "typo", expected import, type, @server or service'],
    ['import "a.api"', '1:8: found no file "a.api", expected a file beside this one'],
    ["import a.api", '1:8: found "a", expected a file like "b.api"'],
    ['syntax = "v2"', '1:10: found the text "v2", expected the text "v1"'],
    ['syntax "v1"', '1:8: found the text "v1", expected "="'],
    ["info { }", '1:6: found "{", expected "("'],
    ['info ( a "x" )', '1:10: found the text "x", expected ":"'],
    ['info ( a: "x', '1:11: found ", expected a closing " on the same line'],
  ]);
});

test("a type that is not written right is told with its place", () => {
  checkMessages([
    ["type {", '1:6: found "{", expected a type name'],
    ["type (\n{", '2:1: found "{", expected a type name or ")"'],
    ["type A", '1:7: found the end of the file, expected "{"'],
    ["type A = B", '1:8: found "=", expected "{": Go\'s type aliases have no place in a contract'],
    [`type A {}\ntype a {}\n${SERVICE}`, '2:6: found a second type "a", expected each type once'],
    [`type A {}\ntype A {}\n${SERVICE}`, '2:6: found a second type "A", expected each type once'],
    [
      `type A {\n B\n}\ntype B {\n A\n}\n${SERVICE}`,
      '5:2: found "A" embedded in itself, expected a struct that ends',
    ],
    [
      `type A {\n X ${"[]".repeat(65)}int\n}\n${SERVICE}`,
      '2:132: found "[", expected nothing nested deeper than 64',
    ],
  ]);
});

test("a field that is not written right is told with its place", () => {
  checkMessages([
    ["type A { F", "1:11: found the end of the file, expected a field type"],
    ["type A {", '1:9: found the end of the file, expected a field name or "}"'],
    [withField("1 int64"), '2:1: found "1", expected a field name or "}"'],
    [withField("F ?"), '2:3: found "?", expected a field type'],
    [withField("F 😀"), '2:3: found "😀", expected a field type'],
    [
      withField("Base"),
      '2:1: found the unknown type "Base", expected a type of the contract or a Go base type',
    ],
    [
      withField("*pkg.Base"),
      '2:2: found "pkg.Base", expected the name of a type: types of Go packages are not supported',
    ],
    [withField("F int64\nF string"), '3:1: found a second field "F", expected each field of A once'],
    [
      withField('F int64 `json:"x"`\nG string `json:"x"`'),
      '3:1: found a second field with the JSON name "x", expected each JSON name of A once',
    ],
  ]);
});

test("a field type that JSON or the generator cannot carry is refused", () => {
  checkMessages([
    [
      withField("F Missing"),
      '2:3: found the unknown type "Missing", expected a type of the contract or a Go base type',
    ],
    [
      withField("F []*Missing"),
      '2:6: found the unknown type "Missing", expected a type of the contract or a Go base type',
    ],
    [
      withField("F time.Time"),
      '2:3: found "time.Time", expected a field type: types of Go packages are not supported',
    ],
    [withField("F complex64"), '2:3: found "complex64", expected a field type that JSON can carry'],
    [withField("F [...]int64"), '2:4: found ".", expected "]", or a length of at most 6 digits'],
    [
      withField("F map[bool]bool"),
      '2:7: found "bool", expected a map key that JSON can write: string or an integer type',
    ],
    [withField("F []struct { X chan }"), '2:16: found "chan", expected a field type that JSON can carry'],
    [withField("F interface{ X }"), '2:14: found "X", expected "}"'],
  ]);
});

test("a tag that is not understood whole is refused at its column", () => {
  checkMessages([
    [withField('F int64 `json:"f'), "2:9: found `, expected a closing ` on the same line"],
    [
      withField('F int64 `header:"a b"`'),
      '2:18: found the name "a b", expected a header name of letters, digits, _, . and -',
    ],
    [
      withField('F int64 `json:"a.b"`'),
      '2:16: found the name "a.b", expected a JSON name of letters, digits, _ and -',
    ],
    [
      withField('F int64 `json:"__proto__"`'),
      '2:16: found the name "__proto__", expected a JSON name of letters, digits, _ and -',
    ],
    [
      withField('F int64 `json:"f,optional=g"`'),
      '2:18: found "optional=g", expected plain optional: fields that depend on others are not supported yet',
    ],
    [
      withField('F int64 `json:"f,string,default=1"`'),
      '2:25: found "default" beside "string", expected one of the two: a number in quotes is text here',
    ],
    [
      withField('F int64 `json:"f,string,range=[2:]"`'),
      '2:31: found the range "[2:]" beside "string", expected [0:] or [1:] of an integer: a number in quotes is text here',
    ],
    [withField('F int64 `json:"f,length=[1:2]"`'), "2:25: found length=, expected it only at strings"],
    ...["1:2", "[:]", "[2:1]", "[a:]", "[-1:]"].map((length): [string, string] => [
      withField(`F string \`json:"f,length=${length}"\``),
      `2:26: found "${length}", expected a length like [6:128], [1:] or [:255]`,
    ]),
    [withField('F int64 `json:"f" pattern:"^a$"`'), "2:28: found a pattern, expected it only at strings"],
    [withField('F string `json:"f" pattern:"("`'), '2:29: found "(", expected a regular expression'],
  ]);
});

test("a field excludes another one of its type, and either may be left out", () => {
  const pair = (own: string, other: string): string =>
    withField(`F int64 \`json:"f${own},excludes=g"\`\nG int64 \`json:"g${other}"\``);
  const expected = "expected another field of the type, both of them optional and without a default";
  assert.equal(messageOf(pair(",optional", ",optional")), "no error");
  checkMessages([
    ...[pair(",optional", ""), pair("", ",optional"), pair(",optional", ",default=1")].map(
      (source): [string, string] => [source, `2:1: found excludes=g, ${expected}`],
    ),
    [withField('F int64 `json:"f,optional,excludes=g"`'), `2:1: found excludes=g, ${expected}`],
    [withField('F int64 `json:"f,optional,excludes=f"`'), `2:1: found excludes=f, ${expected}`],
  ]);
});

test("a rule that no value of the field's type can obey is refused", () => {
  checkMessages([
    [withField('F string `json:"f,range=[1:5]"`'), "2:25: found range=, expected it only at numbers"],
    [
      withField('F int64 `json:"f,range=[:]"`'),
      '2:24: found "[:]", expected a range like [1:5], (1:5), [1:) or (:5]',
    ],
    [
      withField('F int64 `json:"f,range=1:5"`'),
      '2:24: found "1:5", expected a range like [1:5], (1:5), [1:) or (:5]',
    ],
    [
      withField('F int64 `json:"f,range=[a:5]"`'),
      '2:24: found "a" in the range, expected an integer within 2^53',
    ],
    [withField('F float64 `json:"f,range=[a:5]"`'), '2:26: found "a" in the range, expected a number'],
    [
      withField('F int64 `json:"f,range=(1:2)"`'),
      '2:24: found "(1:2)", expected a range that some value of the type is in',
    ],
    [
      withField('F uint8 `json:"f,range=[256:]"`'),
      '2:24: found "[256:]", expected a range that some value of the type is in',
    ],
    [
      withField('F float64 `json:"f,range=[2:1]"`'),
      '2:26: found "[2:1]", expected a range that some value of the type is in',
    ],
    [
      withField('F int64 `json:"f,options=1|x"`'),
      '2:26: found options="1|x", expected values of the field\'s type, at a string or number',
    ],
    [
      withField('F bool `json:"f,options=true"`'),
      '2:25: found options="true", expected values of the field\'s type, at a string or number',
    ],
    [
      withField('F string `json:"f,options=a|a"`'),
      '2:27: found "a" twice in options, expected each value once',
    ],
    [
      withField('F int64 `json:"f,options=1|9,range=[0:5]"`'),
      "2:26: found the option value 9, expected a value inside the field's range",
    ],
    [
      withField('F []int64 `json:"f,default=1"`'),
      '2:28: found the default "1", expected a value of the field\'s type, at a string, number, bool, or a list of them',
    ],
    [
      withField('F [2]int64 `json:"f,default=[1,2,3]"`'),
      '2:29: found the default "[1,2,3]", expected a value of the field\'s type, at a string, number, bool, or a list of them',
    ],
    [
      withField('F uint8 `json:"f,default=256"`'),
      '2:26: found the default "256", expected a value of the field\'s type, at a string, number, bool, or a list of them',
    ],
    [
      withField('F string `json:"f,default=c,options=a|b"`'),
      '2:27: found the default "c", expected a value that the field\'s range and options allow',
    ],
  ]);
});

test("a service block that is not written right is told with its place", () => {
  checkMessages([
    ["@foo", '1:2: found "foo", expected @server'],
    ["@server\nservice", '2:1: found "service", expected "("'],
    ["@server ()\ntype A {}", '2:1: found "type", expected "service"'],
    [
      "@server ( signature: true )",
      '1:11: found the key "signature", expected no signature: requests signed with go-zero\'s keys cannot be checked here',
    ],
    ["@server ( jwt: A jwt: B )", '1:18: found a second key "jwt", expected each key once'],
    ["@server ( jwt:\ngroup: a )", '2:1: found "group", expected a value on the line of its key'],
    [
      "@server ( group: ../x )",
      '1:18: found the group "../x", expected a folder name like admin or admin/user',
    ],
    [
      "@server ( middleware: A,../B )",
      '1:23: found the middleware "../B", expected a name, or several with commas',
    ],
    ["@server ( timeout: 3 )", '1:20: found the timeout "3", expected a duration like 3s, 500ms or 1h30m'],
    ["@server ( maxBytes: 1k )", '1:21: found the maxBytes "1k", expected a number of bytes'],
    ["@server ( prefix: /a//b )", '1:19: found the prefix "/a//b", expected a path like /v1'],
    ["service {", '1:9: found "{", expected the service\'s name'],
    ["service pay-rpc {", '1:13: found "rpc", expected "api" after "-"'],
    [
      "service A {}\nservice B {}",
      '2:1: found a service "B", expected "A" again: one contract holds one service',
    ],
  ]);
});

test("a route that is not written right is told with its place", () => {
  checkMessages([
    ["service Pay { post /h }", '1:15: found "post", expected @handler or @doc'],
    ["service Pay { @jwt }", '1:16: found "jwt", expected @handler or @doc or @server'],
    ["service Pay { @handler }", '1:24: found "}", expected the handler\'s name'],
    ["service Pay { @handler A @handler B", "1:27: found a second @handler, expected one per route"],
    ["service Pay { @server( group: a )", '1:24: found "group", expected "handler"'],
    ["service Pay { @doc x", '1:20: found "x", expected a text in quotes or "("'],
    [
      "service Pay { @doc ( idempotencyLevel: none )",
      '1:16: found the idempotencyLevel "none", expected NO_SIDE_EFFECTS or IDEMPOTENT',
    ],
    [
      withRoute("fetch /h"),
      '3:1: found "fetch", expected a method (get, head, post, put, patch, delete, options)',
    ],
    [withRoute("post h"), '3:6: found "h", expected a path that starts with /'],
    [
      withRoute("post /h//x"),
      '3:6: found the path "/h//x", expected segments of letters, digits, -, _, . and ~, or :name',
    ],
    [
      "@server ( body: xml )",
      '1:17: found the body "xml", expected raw, or no such line: bodies are JSON then',
    ],
    [
      "@server ( body: raw )\nservice Pay { @handler A\npost /a/:x/b/:x }",
      '3:6: found the path "/a/:x/b/:x", expected each parameter once',
    ],
    [
      "@server ( body: raw )\nservice Pay { @handler A\npost /a/: }",
      '3:6: found the path "/a/:", expected segments of letters, digits, -, _, . and ~, or :name',
    ],
    [
      "type A {}\n@server ( body: raw )\nservice Pay { @handler A\npost /a (A) }",
      "4:9: found a type at a raw route, expected none: its bodies are bytes",
    ],
    [
      "type A {}\n@server ( body: raw )\nservice Pay { @handler A\npost /a returns (A) }",
      "4:9: found a type at a raw route, expected none: its bodies are bytes",
    ],
    [withRoute("post /h (A"), '4:1: found "}", expected ")"'],
    [withRoute("post /h (?)"), '3:10: found "?", expected the request\'s type or ")"'],
    [withRoute("post /h ([]A)"), '3:10: found "[", expected the name of a type: a request is an object'],
    [
      withRoute("post /h (B)"),
      '3:10: found the unknown type "B", expected a type of the contract or a Go base type',
    ],
    [
      'type B { Id map[string]int `form:"id"` }\nservice Pay { @handler H\nget /h (B) }',
      "1:10: found a form field of such a type, expected a string, number, bool, or an array of them",
    ],
    [
      "@server ( sse: true )\nservice Pay { @handler H\nget /h }",
      "3:8: found no answer at a route with sse: true, expected the type of its events",
    ],
    [withRoute("post /h returns A"), '3:17: found "A", expected "("'],
    [
      withRoute("post /h returns ([]B)"),
      '3:20: found the unknown type "B", expected a type of the contract or a Go base type',
    ],
    [withRoute("post /h returns (?)"), '3:18: found "?", expected the response\'s type or ")"'],
  ]);
});

test("two routes cannot share a handler's file or a method and path", () => {
  const second = (route: string): string => withRoute(`post /h\n${route}`);
  checkMessages([
    [
      second("@handler H post /g"),
      '4:10: found a second handler "H", expected each handler once in its group',
    ],
    [
      second("@handler h post /g"),
      '4:10: found a second handler "h", expected each handler once in its group',
    ],
    [
      second("@handler G post /h"),
      '4:10: found a second route "POST /h", expected each method and path once',
    ],
  ]);
});

test("imports in a circle are refused by name, and an error in an imported file is its own", () => {
  const files: Readonly<Record<string, string>> = {
    "parts/b.api": 'import "../parts/c.api"',
    "parts/c.api": 'type C {}\nimport "b.api"',
    "bad.api": "type {",
  };
  const messageWith = (source: string): string => {
    try {
      parseApi(source, "pay.api", (path) => {
        const text = files[path];
        return text === undefined ? undefined : { path, source: text };
      });
    } catch (error) {
      return (error as Error).message;
    }
    return "no error";
  };
  assert.equal(
    messageWith('import "parts/b.api"'),
    "parts/c.api:2:8: found an import in a circle (parts/b.api imports parts/c.api imports parts/b.api), " +
      "expected each file to import others only",
  );
  assert.equal(messageWith('import "bad.api"'), 'bad.api:1:6: found "{", expected a type name');
});
