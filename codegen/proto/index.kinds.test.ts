import { type KindCase, testKind } from "../emit/test-kind.ts";
import { generateRpc } from "./index.ts";

/** Each kind of thing that is in other people's `.proto` files, in as few lines as have it, and what comes of it. */
interface Kind extends KindCase {
  /** What stands beside a message Q and a service P with `rpc Get(Q) returns (Q)`. */
  readonly beside?: string;
  /** Or the whole contract. */
  readonly source?: string;
  readonly imports?: Readonly<Record<string, string>>;
}

const HEAD = 'syntax = "proto3";\n';
const Q = "message Q { int64 id = 1; }\n";
const SERVICE = "service P { rpc Get(Q) returns (Q); }\n";

const KINDS: readonly Kind[] = [
  {
    kind: "a service in lower case",
    source: `${HEAD}package x;\n${Q}service pay { rpc Get(Q) returns (Q); }`,
    gives: ["export interface PayClient {", 'names: ["x.pay", "xclient.pay"]', "createPayServer("],
  },
  {
    kind: "an rpc in lower case",
    source: `${HEAD}package x;\n${Q}service P { rpc getOne(Q) returns (Q); }`,
    gives: ['getOne: { name: "getOne", request: Q, response: Q }', 'from "../logic/get-one.ts"'],
  },
  {
    kind: "a message in lower case",
    source: `${HEAD}package x;\nmessage q { int64 id = 1; }\nservice P { rpc Get(q) returns (q); }`,
    gives: ["export interface Q {", "get(call: Call, request: Q): Promise<Q>;"],
  },
  {
    kind: "float",
    beside: "message A { float a = 1; }",
    gives: ['{ number: 1, property: "a", type: "float" }'],
  },
  {
    kind: "a well-known import",
    source: `${HEAD}package x;\nimport "google/protobuf/empty.proto";\n${Q}service P { rpc Get(Q) returns (google.protobuf.Empty); }`,
    gives: ["export type Empty = Record<string, never>;", "response: Empty"],
  },
  {
    kind: "an import of a file",
    source: `${HEAD}package x;\nimport "b.proto";\nservice P { rpc Get(other.B) returns (other.B); }`,
    imports: { "b.proto": `${HEAD}package other;\nmessage B { string b = 1; }` },
    gives: ["export interface B {\n  b: string;"],
  },
  {
    kind: "an import of nothing",
    source: `${HEAD}package x;\nimport "b.proto";\n${Q}${SERVICE}`,
    refused: /x\.proto:3:1: no file "b\.proto"/,
  },
  {
    kind: "several services",
    beside: "service O { rpc Get(Q) returns (Q); }",
    gives: ['from "../logic/o/get.ts"', 'from "../logic/p/get.ts"', "createOServer(", "createPServer("],
  },
  {
    kind: "a map",
    beside: "message A { map<string, int64> a = 1; }",
    gives: [
      "a: Record<string, number>;",
      '{ number: 1, property: "a", type: "int64", label: "map", key: "string" }',
    ],
  },
  {
    kind: "an enum within a message",
    beside: "message A { enum Kind { ZERO = 0; ONE = 1; } Kind kind = 1; }",
    gives: [
      "export const A_Kind = {\n  ZERO: 0,\n  ONE: 1,\n}",
      '{ number: 1, property: "kind", type: "int32" }',
    ],
  },
  {
    kind: "an enum",
    beside: "enum Kind { ZERO = 0; }\nmessage A { Kind kind = 1; }",
    gives: ["kind: Kind;"],
  },
  {
    kind: "a message within a message",
    beside: "message A { message In { int64 b = 1; } repeated In a = 1; }",
    gives: ["export interface A_In {", '{ number: 1, property: "a", type: () => A_In, label: "repeated" }'],
  },
  {
    kind: "oneof",
    beside: "message A { oneof which { string a = 1; Q b = 2; } }",
    gives: [
      'type: "string", label: "optional", oneof: "which"',
      'type: () => Q, label: "optional", oneof: "which"',
    ],
  },
  {
    kind: "optional",
    beside: "message A { optional int64 a = 1; }",
    gives: ["a?: number | undefined;", 'label: "optional" }'],
  },
  ...["sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64", "double", "uint32", "uint64"].map(
    (type): Kind => ({
      kind: type,
      beside: `message A { ${type} a = 1; }`,
      gives: [`{ number: 1, property: "a", type: "${type}" }`],
    }),
  ),
  {
    kind: "a stream of answers",
    source: `${HEAD}package x;\n${Q}service P { rpc Get(Q) returns (stream Q); }`,
    gives: ["get(call: Call, request: Q): AsyncIterable<Q>;", 'stream: "server"', "yield* [];"],
  },
  {
    kind: "a stream of requests",
    source: `${HEAD}package x;\n${Q}service P { rpc Put(stream Q) returns (Q); }`,
    gives: ["put(call: Call, requests: AsyncIterable<Q>): Promise<Q>;", 'stream: "client"'],
  },
  {
    kind: "streams of both",
    source: `${HEAD}package x;\n${Q}service P { rpc Ask(stream Q) returns (stream Q); }`,
    gives: ["ask(call: Call, requests: AsyncIterable<Q>): AsyncIterable<Q>;", 'stream: "both"'],
  },
  {
    kind: "json_name and other options",
    beside: 'message A { int64 a = 1 [json_name = "b", deprecated = true]; }',
    gives: ['{ number: 1, property: "a", type: "int64" }'],
  },
  { kind: "no package", source: `${HEAD}${Q}${SERVICE}`, gives: ['names: ["P"]'] },
  {
    kind: "a package of the tutorials, …client",
    source: `${HEAD}package sysclient;\n${Q}service Sys { rpc Get(Q) returns (Q); }`,
    gives: ['names: ["sysclient.Sys", "sys.Sys"]'],
  },
  {
    kind: "reserved",
    beside: 'message A { reserved 1, 3 to 5; reserved "b"; int64 a = 2; }',
    gives: ["number: 2"],
  },
  {
    kind: "proto2",
    source: `syntax = "proto2";\nmessage Q { optional int64 id = 1; }\n${SERVICE}`,
    refused: /x\.proto:1:1: expected syntax = "proto3"; first/,
  },
  { kind: "a file without a service", source: `${HEAD}${Q}`, refused: /x\.proto:1:1: expected a service/ },
];

for (const { beside = "", source, imports = {}, ...kind } of KINDS) {
  const contract = source ?? `${HEAD}package x;\n${Q}${beside}\n${SERVICE}`;
  const readImport = (path: string) => imports[path];
  testKind(kind, () => generateRpc({ source: contract, fileName: "x.proto", name: "x", readImport }));
}
