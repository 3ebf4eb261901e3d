import type { ProtoContract, ProtoField, ProtoMessage } from "../../codegen/proto/contract.ts";
import { parseProto } from "../../codegen/proto/parse-proto.ts";
import type { GoctlAnswer, GoMessage, GoRpc } from "./goctl-program.ts";
import { compareLines, compareVerdict, type WantedVerdicts } from "./verdict.ts";

const WANTED: WantedVerdicts = {
  refusedHere: [],
  refusedThere: [],
};

/** Where the two differ on a `.proto` contract: whether it is one, its methods, its messages' names, numbers and types. */
export function compareProto(text: string, said: GoctlAnswer): readonly string[] {
  const { ours, differences } = compareVerdict(said.refused, () => parseProto(text, "a.proto"), WANTED);
  if (ours === undefined) return differences;
  return [
    ...compareLines("the rpc", rpcsOf(ours), (said.rpcs ?? []).map(goRpcLine)),
    ...(said.messages ?? []).flatMap((message) => compareMessage(message, ours)),
  ];
}

/** Whether requests are a stream, and whether answers are. */
const STREAMS = { none: "false false", client: "true false", server: "false true", both: "true true" };

function rpcsOf({ services }: ProtoContract): string[] {
  return services.flatMap(({ name, methods }) =>
    methods.map((method) => rpcLine({ service: name, ...method, streams: STREAMS[method.stream ?? "none"] })),
  );
}

function goRpcLine({ streamsRequest, streamsReturns, ...rpc }: GoRpc): string {
  return rpcLine({ ...rpc, streams: `${streamsRequest} ${streamsReturns}` });
}

interface Rpc {
  readonly service: string;
  readonly name: string;
  readonly request: string;
  readonly response: string;
  readonly streams: string;
}

function rpcLine({ service, name, request, response, streams }: Rpc): string {
  return `${service}.${name} takes ${typeName(request)}, gives ${typeName(response)}, streams ${streams}`;
}

/** A message by the name that it has in TypeScript. */
function typeName(name: string): string {
  return upperFirst(name.replace(/^google\.protobuf\./, ""));
}

function compareMessage({ name, fields }: GoMessage, { messages }: ProtoContract): string[] {
  const own = messages.find((message) => message.name === typeName(name));
  if (own === undefined) return [`no message ${name} of mallctl`];
  return compareLines(`the field of ${name}`, own.fields.map(fieldLine), fields.map(goFieldLine));
}

function fieldLine(field: ProtoField): string {
  const { label, number, property, oneof = "", type } = field;
  const repeated = label === "repeated" || label === "map";
  return `${number} ${property}, ${label === "map" ? "message" : kindOf(type)}, repeated ${repeated}, oneof ${oneof}`;
}

function kindOf(type: ProtoMessage["fields"][number]["type"]): string {
  if ("message" in type) return "message";
  return type.enum === undefined ? type.scalar : "enum";
}

function goFieldLine({ number, name, type, repeated, oneof }: GoMessage["fields"][number]): string {
  return `${number} ${lowerFirst(name)}, ${type}, repeated ${repeated}, oneof ${oneof}`;
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
