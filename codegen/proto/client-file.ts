import {
  docComment,
  type GeneratedFile,
  type GeneratedImport,
  generatedFile,
  lowerFirst,
} from "../emit/index.ts";
import type { ProtoContract, ProtoEnum, ProtoField, ProtoMessage, ProtoType } from "./contract.ts";
import { answerText, requestText } from "./method-text.ts";
import type { RpcNames, ServiceNames } from "./rpc-names.ts";

/** `gen/<name>.ts`: the messages, the client interface and the service definition. */
export function clientFile(contract: ProtoContract, names: RpcNames): GeneratedFile {
  const imports: GeneratedImport[] = [
    { from: "@mall/kit/call", names: ["Call"], type: true },
    { from: "@mall/kit/rpc", names: ["defineMessage", ...rpcTypes(contract)] },
  ];
  const body = [
    ...contract.enums.flatMap(enumLines),
    ...contract.messages.flatMap(messageLines),
    ...names.services.flatMap((service) => [
      ...clientLines(service, names),
      "",
      ...serviceLines(service),
      "",
    ]),
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

function enumLines({ name, comment, values }: ProtoEnum): string[] {
  const entries = values.flatMap((value) => [
    ...docComment(value.comment, "  "),
    `  ${value.name}: ${value.number},`,
  ]);
  return [
    ...docComment(comment),
    `export const ${name} = {`,
    ...entries,
    "} as const;",
    "",
    "/** One of these, or one that a newer contract has. */",
    `export type ${name} = number;`,
    "",
  ];
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
  const type = valueText(field.type);
  if (field.label === "map") return `${field.property}: Record<${keyText(field)}, ${type}>;`;
  if (field.label === "repeated") return `${field.property}: ${type}[];`;
  if (mayBeAbsent(field)) return `${field.property}?: ${type} | undefined;`;
  return `${field.property}: ${type};`;
}

function valueText(type: ProtoType): string {
  if ("message" in type) return type.message;
  if (type.enum !== undefined) return type.enum;
  if (type.scalar === "string") return "string";
  if (type.scalar === "bytes") return "Uint8Array";
  return type.scalar === "bool" ? "boolean" : "number";
}

function keyText({ key }: ProtoField): string {
  return key === "string" || key === "bool" ? "string" : "number";
}

function fieldLine(field: ProtoField): string {
  const { number, property, oneof, key } = field;
  const type = "scalar" in field.type ? `"${field.type.scalar}"` : `() => ${field.type.message}`;
  const label = field.label === "plain" && mayBeAbsent(field) ? "optional" : field.label;
  const parts = [
    `number: ${number}`,
    `property: "${property}"`,
    `type: ${type}`,
    ...(label === "plain" ? [] : [`label: "${label}"`]),
    ...(key === undefined ? [] : [`key: "${key}"`]),
    ...(oneof === undefined ? [] : [`oneof: "${oneof}"`]),
  ];
  return `{ ${parts.join(", ")} }`;
}

/** A single message always has presence in proto3; a scalar has it only as `optional`. */
function mayBeAbsent(field: ProtoField): boolean {
  return field.label === "optional" || (field.label === "plain" && "message" in field.type);
}

function clientLines({ service, client }: ServiceNames, names: RpcNames): string[] {
  const comment = service.comment || `What every placement of the ${names.file} rpc offers.`;
  const methods = service.methods.flatMap((method) => [
    ...docComment(method.comment, "  "),
    `  ${lowerFirst(method.name)}(call: Call, ${requestText(method)}): ${answerText(method)};`,
  ]);
  return [...docComment(comment), `export interface ${client} {`, ...methods, "}"];
}

function serviceLines({ service, client, definition, served }: ServiceNames): string[] {
  const methods = service.methods.map((method) => {
    const parts = [
      `name: "${method.name}"`,
      `request: ${method.request}`,
      `response: ${method.response}`,
      ...(method.idempotent ? ["idempotent: true"] : []),
      ...(method.stream === undefined ? [] : [`stream: "${method.stream}"`]),
    ];
    return `    ${lowerFirst(method.name)}: { ${parts.join(", ")} },`;
  });
  return [
    `export const ${definition}: ServiceDefinition<${client}> = {`,
    `  names: [${served.map((name) => `"${name}"`).join(", ")}],`,
    "  methods: {",
    ...methods,
    "  },",
    "};",
  ];
}
