import {
  docComment,
  type GeneratedFile,
  type GeneratedImport,
  generatedFile,
  lowerFirst,
} from "../emit/index.ts";
import type { ProtoContract, ProtoField, ProtoMessage, ProtoScalar } from "./contract.ts";
import type { RpcNames } from "./rpc-names.ts";

const TYPE_OF_SCALAR: Readonly<Record<ProtoScalar, string>> = {
  int64: "number",
  int32: "number",
  uint64: "number",
  uint32: "number",
  bool: "boolean",
  double: "number",
  string: "string",
  bytes: "Uint8Array",
};

/** `gen/<name>.ts`: the messages, the client interface and the service definition. */
export function clientFile(contract: ProtoContract, names: RpcNames): GeneratedFile {
  const imports: GeneratedImport[] = [
    { from: "@mall/kit/call", names: ["Call"], type: true },
    { from: "@mall/kit/rpc", names: ["defineMessage", ...rpcTypes(contract)] },
  ];
  const body = [
    ...contract.messages.flatMap(messageLines),
    ...clientLines(contract, names),
    "",
    ...serviceLines(contract, names),
  ];
  return generatedFile({
    path: `gen/${names.file}.ts`,
    command: names.command,
    source: names.source,
    imports,
    body,
  });
}

function rpcTypes(contract: ProtoContract): string[] {
  return [...(contract.messages.some(refersToMessage) ? ["type MessageType"] : []), "type ServiceDefinition"];
}

function messageLines(message: ProtoMessage): string[] {
  const properties = message.fields.flatMap((field) => [
    ...docComment(field.comment, "  "),
    `  ${propertyLine(field)}`,
  ]);
  return [
    ...docComment(message.comment),
    // An interface without members would take anything.
    ...(properties.length === 0
      ? [`export type ${message.name} = Record<string, never>;`]
      : [`export interface ${message.name} {`, ...properties, "}"]),
    "",
    ...definitionLines(message),
    "",
  ];
}

function definitionLines(message: ProtoMessage): string[] {
  // Messages may contain themselves or each other, and then TypeScript cannot infer their types.
  const type = refersToMessage(message) ? `: MessageType<${message.name}>` : "";
  const start = `export const ${message.name}${type} = defineMessage<${message.name}>("${message.name}", [`;
  if (message.fields.length === 0) return [`${start}]);`];
  return [start, ...message.fields.map((field) => `  ${fieldLine(field)},`), "]);"];
}

function refersToMessage(message: ProtoMessage): boolean {
  return message.fields.some((field) => "message" in field.type);
}

function propertyLine(field: ProtoField): string {
  const type = "scalar" in field.type ? TYPE_OF_SCALAR[field.type.scalar] : field.type.message;
  if (field.label === "repeated") return `${field.property}: ${type}[];`;
  if (mayBeAbsent(field)) return `${field.property}?: ${type} | undefined;`;
  return `${field.property}: ${type};`;
}

function fieldLine(field: ProtoField): string {
  const type = "scalar" in field.type ? `"${field.type.scalar}"` : `() => ${field.type.message}`;
  const label = field.label === "repeated" ? "repeated" : mayBeAbsent(field) ? "optional" : undefined;
  const parts = [`number: ${field.number}`, `property: "${field.property}"`, `type: ${type}`];
  return `{ ${[...parts, ...(label === undefined ? [] : [`label: "${label}"`])].join(", ")} }`;
}

/** A single message always has presence in proto3; a scalar has it only as `optional`. */
function mayBeAbsent(field: ProtoField): boolean {
  return field.label === "optional" || (field.label === "plain" && "message" in field.type);
}

function clientLines(contract: ProtoContract, names: RpcNames): string[] {
  const comment = contract.service.comment || `What every placement of the ${names.file} rpc offers.`;
  const methods = contract.service.methods.flatMap((method) => [
    ...docComment(method.comment, "  "),
    `  ${lowerFirst(method.name)}(call: Call, request: ${method.request}): Promise<${method.response}>;`,
  ]);
  return [...docComment(comment), `export interface ${names.client} {`, ...methods, "}"];
}

function serviceLines(contract: ProtoContract, names: RpcNames): string[] {
  const methods = contract.service.methods.map((method) => {
    const parts = [
      `name: "${method.name}"`,
      `request: ${method.request}`,
      `response: ${method.response}`,
      ...(method.idempotent ? ["idempotent: true"] : []),
    ];
    return `    ${lowerFirst(method.name)}: { ${parts.join(", ")} },`;
  });
  return [
    `export const ${names.service}: ServiceDefinition<${names.client}> = {`,
    `  names: [${names.served.map((name) => `"${name}"`).join(", ")}],`,
    "  methods: {",
    ...methods,
    "  },",
    "};",
  ];
}
