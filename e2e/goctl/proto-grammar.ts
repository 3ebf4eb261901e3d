import fc from "fast-check";

const SCALARS = [
  "int64",
  "int32",
  "uint64",
  "uint32",
  "sint64",
  "sint32",
  "fixed64",
  "fixed32",
  "sfixed64",
  "sfixed32",
  "bool",
  "double",
  "float",
  "string",
  "bytes",
];
const TYPES = ["Kind", "Item", "item_two", "Item.Part"];
const LABELS = ["", "", "", "repeated ", "optional "];
const NAMES = ["name", "UserId", "user_id", "message", "a1"];

/** One of the usual ones, seldom an odd one: what is refused for one thing hides all others. */
function mostly(usual: readonly string[], odd: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 16, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  );
}

function fieldLine(index: number): fc.Arbitrary<string> {
  const type = mostly([...SCALARS, ...TYPES], ["Missing", "int"]);
  const plain = fc.tuple(fc.constantFrom(...LABELS), type).map(([label, each]) => `${label}${each}`);
  const map = fc
    .tuple(
      mostly(["string", "int64", "bool", "uint32"], ["double", "Item"]),
      fc.constantFrom(...SCALARS, "Item"),
    )
    .map(([key, value]) => `map<${key}, ${value}>`);
  const options = fc.constantFrom("", "", ` [json_name = "it${index}"]`, " [deprecated = true]");
  return fc
    .tuple(
      fc.oneof({ weight: 5, arbitrary: plain }, { weight: 1, arbitrary: map }),
      fc.constantFrom(...NAMES),
      options,
    )
    .map(([kind, name, more]) => `  ${kind} ${name}${index} = ${index + 1}${more};`);
}

function messageText(name: string): fc.Arbitrary<string> {
  const fields = fc.tuple(fieldLine(0), fieldLine(1), fieldLine(2)).chain((all) => fc.subarray(all));
  const extra = fc.constantFrom(
    "",
    "",
    "  oneof which {\n    string text = 10;\n    Item other = 11;\n  }\n",
    "  reserved 12, 13;\n",
  );
  return fc.tuple(fields, extra).map(([lines, more]) => {
    const part = name === "Item" ? "  message Part {\n    int64 id = 1;\n  }\n" : "";
    return `message ${name} {\n${lines.join("\n")}\n${more}${part}}\n`;
  });
}

function rpcLine(index: number): fc.Arbitrary<string> {
  return fc
    .tuple(
      mostly([`Do${index}`, `do${index}`], ["Same"]),
      mostly(["Req", "stream Req", "Item"], ["Missing"]),
      mostly(["Item", "stream Item", "item_two"], ["Kind", "string"]),
      fc.constantFrom(";", " {}", " {\n    option idempotency_level = IDEMPOTENT;\n  }"),
    )
    .map(([name, request, response, end]) => `  rpc ${name}(${request}) returns (${response})${end}`);
}

function serviceText(name: string, first: number): fc.Arbitrary<string> {
  return fc
    .tuple(rpcLine(first), rpcLine(first + 1))
    .chain((all) => fc.subarray(all, { minLength: 1 }))
    .map((lines) => `service ${name} {\n${lines.join("\n")}\n}\n`);
}

/** A `.proto` contract, mostly right. */
export const protoContract: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("package it;\n", "package it.v1;\n", "package itclient;\n"),
    fc.tuple(...["Req", "Item", "item_two"].map(messageText)),
    serviceText("It", 0),
    fc.option(serviceText("other", 2)),
  )
  .map(([head, messages, one, other]) => {
    const kinds = "enum Kind {\n  ZERO = 0;\n  ONE = 1;\n}\n";
    return `syntax = "proto3";\n${head}option go_package = "./it";\n${kinds}${messages.join("")}${one}${other ?? ""}`;
  });
