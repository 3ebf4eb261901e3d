import protobuf from "#protobuf";
import { ContractError, Problems } from "../emit/index.ts";
import type { ProtoContract, ProtoEnum, ProtoMessage } from "./contract.ts";
import { loadProto, type ReadProto } from "./load-proto.ts";
import { type ProtoScope, readEnum, readMessage, readService } from "./read-declarations.ts";
import { TypeNames } from "./type-names.ts";

/**
 * Reads a `.proto` contract: proto3 with its imports.
 *
 * @throws ContractError for anything else, with all that is wrong; what is not of the grammar ends it.
 */
export function parseProto(
  source: string,
  fileName: string,
  read: ReadProto = () => undefined,
): ProtoContract {
  const { packageName, declarations, positionOf } = loadProto(source, fileName, read);
  const fail = (name: string, detail: string): never => {
    throw new ContractError(fileName, positionOf(name), detail);
  };
  dropEchoes(declarations);
  const services = declarations.filter((entry) => entry instanceof protobuf.Service);
  if (services.length === 0) return fail("", "expected a service");
  const names = new TypeNames(services.map(({ name }) => exported(name)));
  const own = declarations.flatMap(typesIn);
  // Those of the contract first: they keep their names where an import has the same.
  for (const type of own) names.of(type);
  const problems = new Problems();
  const scope: ProtoScope = { names, problems, fail };
  const offered = services.map((service) => readService(service, scope));
  const { messages, enums } = readTypes([...own, ...services.flatMap(messagesOf)], scope);
  problems.throwAny();
  return { packageName, messages, enums, services: offered };
}

/** A name as protoc-gen-go exports it. */
function exported(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

type NamedType = protobuf.Type | protobuf.Enum;

/** A declaration and what is declared inside. */
function typesIn(entry: protobuf.ReflectionObject): NamedType[] {
  if (entry instanceof protobuf.Enum) return [entry];
  return entry instanceof protobuf.Type ? [entry, ...entry.nestedArray.flatMap(typesIn)] : [];
}

function messagesOf(service: protobuf.Service): NamedType[] {
  return service.methodsArray.flatMap(({ resolvedRequestType, resolvedResponseType }) =>
    [resolvedRequestType, resolvedResponseType].filter((type) => type !== null),
  );
}

/** These types and all that their fields lead to, in imported files too. */
function readTypes(
  first: readonly NamedType[],
  scope: ProtoScope,
): { messages: ProtoMessage[]; enums: ProtoEnum[] } {
  const messages: ProtoMessage[] = [];
  const enums: ProtoEnum[] = [];
  const seen = new Set<NamedType>(first);
  // A set gives what is added to it while it is gone through as well.
  for (const type of seen) {
    if (type instanceof protobuf.Enum) {
      enums.push(readEnum(type, scope));
      continue;
    }
    messages.push(readMessage(type, scope));
    for (const field of type.fieldsArray) {
      const { resolvedType } = field.resolve();
      if (resolvedType !== null) seen.add(resolvedType);
    }
  }
  return { messages, enums };
}

/**
 * go-zero's tutorials repeat the comment over a pair of messages under it. Without a blank line
 * between, the parser gives that echo to whatever comes next.
 */
function dropEchoes(declarations: readonly protobuf.ReflectionObject[]): void {
  let open = "";
  for (const declaration of declarations) {
    const [first = "", ...rest] = (declaration.comment ?? "").split("\n");
    if (first !== "" && first === open) declaration.comment = rest.join("\n");
    if (declaration.comment) open = declaration.comment;
  }
}
