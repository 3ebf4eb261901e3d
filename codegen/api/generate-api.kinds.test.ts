import { type KindCase, testKind } from "../emit/test-kind.ts";
import { generateApi } from "./generate-api.ts";

/** Each kind of thing that is in other people's `.api` files, in as few lines as have it, and what comes of it. */
interface Kind extends KindCase {
  readonly source: string;
  readonly imports?: Readonly<Record<string, string>>;
}

const route = (line: string, server = ""): string => `${server}service x-api {\n@handler h\n${line}\n}\n`;
const typed = (fields: string, line = "post /x (Req)"): string => `type Req {\n${fields}\n}\n${route(line)}`;
const served = (keys: string): string => route("get /x", `@server (\n${keys}\n)\n`);

const KINDS: readonly Kind[] = [
  {
    kind: "GET with a request",
    source: typed('A string `form:"a"`', "get /x (Req) returns (Req)"),
    gives: [
      'method: "GET",\n      path: "/x"',
      "request: reqSchema",
      '{ from: "form", name: "a", property: "a" }',
      'in: "query"',
    ],
  },
  {
    kind: "HEAD with a request",
    source: typed('A string `form:"a"`', "head /x (Req)"),
    gives: ['method: "HEAD"'],
  },
  {
    kind: "DELETE with a request",
    source: typed('A string `path:"a"`', "delete /x/:a (Req)"),
    gives: ['method: "DELETE",\n      path: "/x/:a"'],
  },
  {
    kind: "import",
    source: `import "b.api"\n${route("post /x (Req)")}`,
    imports: { "b.api": 'type Req {\nA int `json:"a"`\n}\n' },
    gives: ["export interface Req {\n  a: number;"],
  },
  {
    kind: "imports in a circle",
    source: `import "b.api"\n${route("get /x")}`,
    imports: { "b.api": 'import "c.api"\n', "c.api": 'import "b.api"\n' },
    refused: /c\.api:1:8: .*b\.api/,
  },
  {
    kind: "an import of nothing",
    source: `import "b.api"\n${route("get /x")}`,
    refused: /x\.api:1:8: .*b\.api/,
  },
  {
    kind: "middleware",
    source: served("middleware: Check, Count"),
    gives: [
      "middlewares: [(...asked) => checkMiddleware(context, ...asked), (...asked) => countMiddleware(context, ...asked)]",
      "the middleware Check is not implemented",
    ],
  },
  {
    kind: "a form field that may be missing, with a default and options",
    source: typed(
      'A string `form:"a,optional"`\nB int `form:"b,default=3"`\nC string `form:"c,options=u|v"`',
      "get /x (Req)",
    ),
    gives: ["a?: string | undefined;", "default: 3", 'c: "u" | "v";', 'required: ["c"]'],
  },
  {
    kind: "a header",
    source: typed('A string `header:"X-A"`', "get /x (Req)"),
    gives: ['{ from: "header", name: "X-A", property: "X-A" }', 'in: "header"'],
  },
  {
    kind: "path parameters",
    source: typed('Id int64 `path:"id"`', "get /x/:id/y (Req)"),
    gives: ['path: "/x/:id/y"', '"/x/{id}/y"', '{ from: "path", name: "id", property: "id" }'],
  },
  {
    kind: "a parameter of the path that no field takes",
    source: route("get /x/:id"),
    gives: ['path: "/x/:id"'],
  },
  {
    kind: "tags, summary, authType and unknown keys",
    source: served('tags: "shop"\nsummary: "all of it"\nauthType: apiKey\nother: thing'),
    gives: ['tags: ["shop"]', 'path: "/x"'],
  },
  {
    kind: "another tag beside json",
    source: typed('A string `json:"a" gorm:"column:a"`'),
    gives: ["a: string;"],
    lacks: ["gorm"],
  },
  {
    kind: "validate",
    source: typed(
      'A string `json:"a" validate:"required,min=2,max=9"`\nB int `json:"b" validate:"gte=1,lte=5"`',
    ),
    gives: ['a: { type: "string", minLength: 2, maxLength: 9 }', "minimum: 1, maximum: 5"],
  },
  {
    kind: "an embedded struct",
    source: `type Base {\nId int64 \`json:"id"\`\n}\n${typed('Base\nA string `json:"a"`')}`,
    gives: ["export interface Req {\n  id: number;\n  a: string;\n}"],
  },
  { kind: "timeout", source: served("timeout: 3s"), gives: ["timeoutMs: 3000"] },
  { kind: "maxBytes", source: served("maxBytes: 1024"), gives: ["bodyBytesMax: 1024"] },
  {
    kind: "prefix and group",
    source: served("prefix: /v1/a\ngroup: user/admin"),
    gives: ['path: "/v1/a/x"', 'from "../logic/user/admin/h.ts"'],
  },
  { kind: "jwt", source: served("jwt: Auth"), gives: ["auth: true"] },
  { kind: "signature", source: served("signature: true"), refused: /:2:1: found the key "signature"/ },
  {
    kind: "a type's name in lower case",
    source: `type req {\nA int \`json:"a"\`\n}\n${route("post /x (req)")}`,
    gives: ["export interface Req {"],
  },
  {
    kind: "a type inside itself",
    source: typed('Kids []*Req `json:"kids"`\nNext *Req `json:"next"`'),
    gives: ["kids: Req[];", "next?: Req | undefined;", '$ref: "#/$defs/Req"'],
  },
  {
    kind: "an array of a fixed length",
    source: typed('A [3]int `json:"a"`'),
    gives: ["a: number[];", "minItems: 3", "maxItems: 3"],
  },
  { kind: "bytes", source: typed('A []byte `json:"a"`'), gives: ["a: string;", 'contentEncoding: "base64"'] },
  {
    kind: "a map with keys that are numbers",
    source: typed('A map[int64]string `json:"a"`'),
    gives: ["a: Record<number, string>;"],
  },
  {
    kind: "a struct inside of a struct",
    source: typed('User {\nName string `json:"name"`\n} `json:"user"`'),
    gives: ["export interface ReqUser {\n  name: string;", "user: ReqUser;"],
  },
  {
    kind: "one handler in two groups",
    source: `@server ( group: u )\n${route("get /u")}@server ( group: o )\n${route("get /o")}`,
    gives: ['import { h as oH } from "../logic/o/h.ts";', 'import { h as uH } from "../logic/u/h.ts";'],
  },
  {
    kind: 'json:"-"',
    source: typed('A string `json:"a"`\nB string `json:"-"`'),
    gives: ["export interface Req {\n  a: string;\n}"],
  },
  {
    kind: "any",
    source: typed('A any `json:"a"`\nB interface{} `json:"b"`'),
    gives: ["a: unknown;", "b: unknown;"],
  },
  {
    kind: "an answer that is a list",
    source: typed('A int `json:"a"`', "get /x returns ([]Req)"),
    gives: ["Promise<Req[]>"],
  },
  {
    kind: "events",
    source: `type Req {\nA int \`json:"a"\`\n}\n${route("get /x returns (Req)", "@server ( sse: true )\n")}`,
    gives: ["h(): AsyncIterable<Req>;", "requestEvents(", "yield* [];"],
  },
  {
    kind: "struct, as of goctl before 1.6, and a handler in @server",
    source: `type Req struct {\nA int \`json:"a"\`\n}\nservice x-api {\n@server ( handler: create )\npost /x (Req)\n}\n`,
    gives: ['handler: "create"', "export interface Req {\n  a: number;"],
  },
  {
    kind: "@doc in brackets",
    source: `service x-api {\n@doc (\nsummary: "does it"\ndescription: "well"\n)\n@handler h\nget /x\n}\n`,
    gives: ['summary: "does it"', 'description: "well"'],
  },
  {
    kind: "an option that is misspelt",
    source: typed('A string `json:"a,optinal"`'),
    gives: ["a: string;"],
  },
  {
    kind: "two routes of one path",
    source: `${route("get /x")}service x-api {\n@handler g\nget /x\n}\n`,
    refused: /x\.api:6:10: found a second route "GET \/x"/,
  },
  { kind: "types only", source: 'type Req {\nA int `json:"a"`\n}\n', refused: /expected a service/ },
];

for (const { source, imports = {}, ...kind } of KINDS) {
  const readImport = (path: string) => {
    const text = imports[path];
    return text === undefined ? undefined : { path, source: text };
  };
  testKind(kind, () => generateApi({ source, fileName: "x.api", name: "x", readImport }));
}
