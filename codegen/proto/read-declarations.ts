import protobuf from "protobufjs";
import { kebabCase, lowerFirst } from "../emit/index.ts";
import type { ProtoField, ProtoMessage, ProtoMethod, ProtoScalar, ProtoService } from "./contract.ts";

/** What a declaration is read against. */
export interface ProtoScope {
  readonly packageName: string;
  /** Every message of the file by name. */
  readonly messages: ReadonlySet<string>;
  /** Stops with an error at the declaration of that name, e.g. `CreateRequest.Uid`. */
  fail(name: string, detail: string): never;
}

const SCALARS: ReadonlySet<string> = new Set([
  "int64",
  "int32",
  "uint64",
  "uint32",
  "bool",
  "double",
  "string",
  "bytes",
] satisfies ProtoScalar[]);

// protoc's own limits: field numbers go to 2^29-1, and these are kept for the implementation.
const NUMBER_MAX = 536_870_911;
const RESERVED_FIRST = 19_000;
const RESERVED_LAST = 19_999;

const IDEMPOTENCY_LEVELS: ReadonlySet<string> = new Set([
  "NO_SIDE_EFFECTS",
  "IDEMPOTENT",
  "IDEMPOTENCY_UNKNOWN",
]);

// A message becomes a type; these are types that its generated file needs itself.
const TYPE_NAME = /^[A-Z][A-Za-z0-9_]*$/;
const TAKEN_TYPES = new Set(["Call", "MessageType", "Promise", "Record", "ServiceDefinition", "Uint8Array"]);

export function readMessage(message: protobuf.Type, scope: ProtoScope): ProtoMessage {
  if (!TYPE_NAME.test(message.name))
    scope.fail(message.name, "a message's name starts with a capital letter");
  if (TAKEN_TYPES.has(message.name))
    scope.fail(message.name, `message ${message.name} must have another name`);
  for (const nested of message.nestedArray) {
    scope.fail(`${message.name}.${nested.name}`, "a declaration inside a message is not supported");
  }
  for (const oneof of message.oneofsArray) {
    // proto3 `optional` is a oneof of one field to the parser.
    if (!oneof.isProto3Optional) scope.fail(`${message.name}.${oneof.name}`, "oneof is not supported");
  }
  const fields = message.fieldsArray.map((field) => readField(field, scope));
  const properties = new Set<string>();
  for (const [index, field] of fields.entries()) {
    const name = `${message.name}.${message.fieldsArray[index]?.name}`;
    if (properties.has(field.property)) scope.fail(name, `a second field "${field.property}"`);
    properties.add(field.property);
  }
  return { name: message.name, comment: message.comment ?? "", fields };
}

export function readService(service: protobuf.Service, scope: ProtoScope): ProtoService {
  const { name } = service;
  if (!TYPE_NAME.test(name)) scope.fail(name, "a service's name starts with a capital letter");
  for (const taken of [`${name}Client`, `${name}Service`]) {
    if (scope.messages.has(taken)) scope.fail(taken, `message ${taken} must have another name`);
  }
  refuseSameFiles(service, scope);
  const methods = service.methodsArray.map((method) => readMethod(method, scope));
  return { name, comment: service.comment ?? "", methods };
}

/** Two methods whose logic would be one file: `GetURL` and `GetUrl`. */
function refuseSameFiles(service: protobuf.Service, scope: ProtoScope): void {
  const files = new Set<string>();
  for (const { name } of service.methodsArray) {
    if (!TYPE_NAME.test(name))
      scope.fail(`${service.name}.${name}`, "an rpc's name starts with a capital letter");
    const file = kebabCase(name);
    if (files.has(file)) scope.fail(`${service.name}.${name}`, `a second rpc for logic/${file}.ts`);
    files.add(file);
  }
}

function readField(field: protobuf.Field, scope: ProtoScope): ProtoField {
  const name = `${field.parent?.name}.${field.name}`;
  if (field instanceof protobuf.MapField) scope.fail(name, "map is not supported");
  if (field.required) scope.fail(name, "required is not supported by proto3");
  const option = Object.keys(field.options ?? {}).find((key) => key !== "proto3_optional");
  if (option !== undefined) scope.fail(name, `field option "${option}" is not supported`);
  checkNumber(field.id, (detail) => scope.fail(name, detail));
  return {
    property: lowerFirst(field.name),
    number: field.id,
    type: readType(field.type, name, scope),
    label: field.repeated ? "repeated" : field.options?.proto3_optional === true ? "optional" : "plain",
    comment: field.comment ?? "",
  };
}

function checkNumber(number: number, fail: (detail: string) => never): void {
  if (number < 1 || number > NUMBER_MAX) fail(`field number ${number} is not in 1..${NUMBER_MAX}`);
  if (number >= RESERVED_FIRST && number <= RESERVED_LAST) {
    fail(`field numbers ${RESERVED_FIRST}..${RESERVED_LAST} belong to protobuf`);
  }
}

function readType(type: string, name: string, scope: ProtoScope): ProtoField["type"] {
  if (SCALARS.has(type)) return { scalar: type as ProtoScalar };
  if (type in protobuf.types.basic) return scope.fail(name, `type ${type} is not supported`);
  return { message: messageName(type, name, scope) };
}

function readMethod(method: protobuf.Method, scope: ProtoScope): ProtoMethod {
  const name = `${method.parent?.name}.${method.name}`;
  if (method.requestStream || method.responseStream) scope.fail(name, "stream is not supported");
  return {
    name: method.name,
    request: messageName(method.requestType, name, scope),
    response: messageName(method.responseType, name, scope),
    idempotent: isIdempotent(method, name, scope),
    comment: method.comment ?? "",
  };
}

/** `option idempotency_level` of google.protobuf.MethodOptions. */
function isIdempotent(method: protobuf.Method, name: string, scope: ProtoScope): boolean {
  const level: unknown = method.options?.idempotency_level ?? "IDEMPOTENCY_UNKNOWN";
  if (typeof level !== "string" || !IDEMPOTENCY_LEVELS.has(level)) {
    return scope.fail(name, `idempotency_level is one of ${[...IDEMPOTENCY_LEVELS].join(", ")}`);
  }
  return level !== "IDEMPOTENCY_UNKNOWN";
}

/** A message of this file, with or without its package in front. */
function messageName(type: string, at: string, scope: ProtoScope): string {
  const bare = type.replace(/^\./, "");
  const prefix = `${scope.packageName}.`;
  const name = bare.startsWith(prefix) ? bare.slice(prefix.length) : bare;
  if (!scope.messages.has(name)) scope.fail(at, `no message "${type}" in this file`);
  return name;
}
