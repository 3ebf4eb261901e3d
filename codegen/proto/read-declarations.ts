import protobuf from "#protobuf";
import { kebabCase, lowerFirst, type Problems } from "../emit/index.ts";
import {
  PROTO_SCALARS,
  type ProtoEnum,
  type ProtoField,
  type ProtoMessage,
  type ProtoMethod,
  type ProtoScalar,
  type ProtoService,
  type ProtoType,
} from "./contract.ts";
import type { TypeNames } from "./type-names.ts";

/** What a declaration is read against. */
export interface ProtoScope {
  readonly names: TypeNames;
  readonly problems: Problems;
  /** Stops with an error at the declaration of that name, e.g. `CreateRequest.Uid`. */
  fail(name: string, detail: string): never;
}

// protoc's own limits: field numbers go to 2^29-1, and these are kept for the implementation.
const NUMBER_MAX = 536_870_911;
const RESERVED_FIRST = 19_000;
const RESERVED_LAST = 19_999;

const IDEMPOTENCY_LEVELS: ReadonlySet<string> = new Set([
  "NO_SIDE_EFFECTS",
  "IDEMPOTENT",
  "IDEMPOTENCY_UNKNOWN",
]);

export function readMessage(message: protobuf.Type, scope: ProtoScope): ProtoMessage {
  const path = pathOf(message);
  const properties = new Set<string>();
  const fields = message.fieldsArray.flatMap((each) => {
    const field = scope.problems.attempt(() => readField(each, path, scope));
    if (field === undefined) return [];
    const again = properties.has(field.property);
    if (again)
      scope.problems.attempt(() => scope.fail(`${path}.${each.name}`, `a second field "${field.property}"`));
    properties.add(field.property);
    return [field];
  });
  return { name: scope.names.of(message), comment: message.comment ?? "", fields };
}

export function readEnum(entry: protobuf.Enum, scope: ProtoScope): ProtoEnum {
  const values = Object.entries(entry.values).map(([name, number]) => ({
    name,
    number,
    comment: entry.comments[name] ?? "",
  }));
  return { name: scope.names.of(entry), comment: entry.comment ?? "", values };
}

export function readService(service: protobuf.Service, scope: ProtoScope): ProtoService {
  const { name } = service;
  scope.problems.attempt(() => refuseSameFiles(service, scope));
  const methods = service.methodsArray.flatMap(
    (method) => scope.problems.attempt(() => readMethod(method, scope)) ?? [],
  );
  return { name, comment: service.comment ?? "", methods };
}

/** Two methods whose logic would be one file: `GetURL` and `GetUrl`. */
function refuseSameFiles(service: protobuf.Service, scope: ProtoScope): void {
  const files = new Set<string>();
  for (const { name } of service.methodsArray) {
    const file = kebabCase(name);
    if (files.has(file)) scope.fail(`${service.name}.${name}`, `a second rpc for logic/${file}.ts`);
    files.add(file);
  }
}

/** A declaration's name with those that it stands in, as errors look for its place. */
function pathOf(type: protobuf.ReflectionObject): string {
  return type.parent instanceof protobuf.Type ? `${pathOf(type.parent)}.${type.name}` : type.name;
}

/** Options of a field mean nothing here: JSON has no part in an rpc, and readers take numbers packed or not. */
function readField(field: protobuf.Field, message: string, scope: ProtoScope): ProtoField {
  const name = `${message}.${field.name}`;
  if (field.required) scope.fail(name, "required is not supported by proto3");
  checkNumber(field.id, (detail) => scope.fail(name, detail));
  const oneof = field.partOf !== null && !field.partOf.isProto3Optional ? field.partOf.name : undefined;
  return {
    property: lowerFirst(field.name),
    number: field.id,
    type: readType(field, scope),
    label: labelOf(field, oneof),
    ...(field instanceof protobuf.MapField && { key: field.keyType as ProtoScalar }),
    ...(oneof !== undefined && { oneof }),
    comment: field.comment ?? "",
  };
}

function labelOf(field: protobuf.Field, oneof: string | undefined): ProtoField["label"] {
  if (field instanceof protobuf.MapField) return "map";
  if (field.repeated) return "repeated";
  return oneof !== undefined || field.options?.proto3_optional === true ? "optional" : "plain";
}

function checkNumber(number: number, fail: (detail: string) => never): void {
  if (number < 1 || number > NUMBER_MAX) fail(`field number ${number} is not in 1..${NUMBER_MAX}`);
  if (number >= RESERVED_FIRST && number <= RESERVED_LAST) {
    fail(`field numbers ${RESERVED_FIRST}..${RESERVED_LAST} belong to protobuf`);
  }
}

function readType(field: protobuf.Field, scope: ProtoScope): ProtoType {
  const scalar = PROTO_SCALARS.find((each) => each === field.type);
  if (scalar !== undefined) return { scalar };
  const { resolvedType } = field.resolve();
  if (resolvedType instanceof protobuf.Enum) return { scalar: "int32", enum: scope.names.of(resolvedType) };
  if (resolvedType === null) return scope.fail(field.name, `type ${field.type} is not supported`);
  return { message: scope.names.of(resolvedType) };
}

function readMethod(method: protobuf.Method, scope: ProtoScope): ProtoMethod {
  const name = `${method.parent?.name}.${method.name}`;
  const { resolvedRequestType: request, resolvedResponseType: response } = method;
  if (request === null || response === null) return scope.fail(name, "an rpc names its messages");
  return {
    name: method.name,
    request: scope.names.of(request),
    response: scope.names.of(response),
    idempotent: isIdempotent(method, name, scope),
    stream: streamOf(method),
    comment: method.comment ?? "",
  };
}

function streamOf({ requestStream, responseStream }: protobuf.Method): ProtoMethod["stream"] {
  if (requestStream) return responseStream ? "both" : "client";
  return responseStream ? "server" : undefined;
}

/** `option idempotency_level` of google.protobuf.MethodOptions. */
function isIdempotent(method: protobuf.Method, name: string, scope: ProtoScope): boolean {
  const level: unknown = method.options?.idempotency_level ?? "IDEMPOTENCY_UNKNOWN";
  if (typeof level !== "string" || !IDEMPOTENCY_LEVELS.has(level)) {
    return scope.fail(name, `idempotency_level is one of ${[...IDEMPOTENCY_LEVELS].join(", ")}`);
  }
  return level !== "IDEMPOTENCY_UNKNOWN";
}
