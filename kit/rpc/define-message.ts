import { AppError, invalidArgument } from "@mall/kit/errors";
import { BufferWriter, Reader } from "protobufjs/minimal.js";
import { checkField } from "./check-field.ts";
import { compileField, type Field, type FieldProblem, NESTING_MAX, type NestedCodec, WIRE } from "./field.ts";
import type { FieldDefinition, MessageType } from "./message.ts";
import { MalformedField, malformedIn, readField, readPacked } from "./read-field.ts";
import { writeField } from "./write-field.ts";
import { zeroScalar } from "./zero-scalar.ts";

const FIELD_NUMBER_MAX = 2 ** 29 - 1;

/**
 * The message type of a proto3 message: fields are written in ascending number order, byte for byte as
 * protobuf's own implementations do; unknown fields are skipped.
 *
 * @throws TypeError if two fields share a number or property, or a number is out of range.
 */
export function defineMessage<T>(name: string, fields: readonly FieldDefinition[]): MessageType<T> {
  return new MessageCodec<T>(name, fields);
}

class MessageCodec<T> implements MessageType<T>, NestedCodec {
  readonly name: string;
  readonly #fields: readonly Field[];
  readonly #byNumber: ReadonlyMap<number, Field>;

  constructor(name: string, definitions: readonly FieldDefinition[]) {
    this.name = name;
    assertDistinct(name, definitions);
    this.#fields = definitions
      .map((definition) => compileField(definition, codecBehind, rivalsOf(definition, definitions)))
      .sort((left, right) => left.number - right.number);
    this.#byNumber = new Map(this.#fields.map((field) => [field.number, field]));
  }

  check(value: T): void {
    const problem = this.problemOf(value, 0);
    if (problem !== undefined) throw this.#refusal(problem);
  }

  encode(value: T): Buffer {
    const writer = new BufferWriter();
    this.write(writer, value as object);
    // The library's own typings call it a Uint8Array; a BufferWriter makes Buffers.
    return writer.finish() as Uint8Array as Buffer;
  }

  decode(bytes: Uint8Array): T {
    const target = this.zero(0);
    try {
      this.readInto(Reader.create(bytes), target, 0);
    } catch (error) {
      throw error instanceof MalformedField ? this.#refusal(error) : error;
    }
    return target as T;
  }

  problemOf(value: unknown, depth: number): FieldProblem | undefined {
    if (typeof value !== "object" || value === null) return { path: "", rule: `must be a ${this.name}` };
    if (depth > NESTING_MAX) return { path: "", rule: "is nested too deeply" };
    for (const field of this.#fields) {
      const problem =
        checkField(field, (value as Record<string, unknown>)[field.property], depth) ??
        (field.rivals.length === 0 ? undefined : rivalry(field, value as Record<string, unknown>));
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  write(writer: BufferWriter, value: object): void {
    for (const field of this.#fields) {
      writeField(writer, field, (value as Record<string, unknown>)[field.property]);
    }
  }

  readInto(reader: Reader, target: Record<string, unknown>, depth: number): void {
    if (depth > NESTING_MAX) throw new MalformedField("", "is nested too deeply");
    let field: Field | undefined;
    try {
      while (reader.pos < reader.len) {
        field = undefined;
        const tag = reader.tag();
        const wireType = tag & 7;
        field = this.#byNumber.get(tag >>> 3);
        if (field === undefined) reader.skipType(wireType, 0, tag >>> 3);
        else if (wireType === field.wireType) readField(reader, field, target, depth);
        else if (field.packed && wireType === WIRE.delimited) readPacked(reader, field, target);
        else throw new MalformedField("", `must not have wire type ${wireType}`);
      }
    } catch (error) {
      throw malformedIn(field, error);
    }
  }

  zero(depth: number): Record<string, unknown> {
    if (depth > NESTING_MAX) {
      throw new TypeError(
        `message ${this.name} contains itself in a plain field; declare the field optional`,
      );
    }
    const target: Record<string, unknown> = {};
    for (const field of this.#fields) {
      if (field.label !== "optional") target[field.property] = zeroOf(field, depth);
    }
    return target;
  }

  #refusal(problem: FieldProblem): AppError {
    if (problem.path !== "") return invalidArgument(problem.path, problem.rule);
    return new AppError("INVALID_ARGUMENT", "MALFORMED_MESSAGE", `message ${this.name} ${problem.rule}`);
  }
}

function zeroOf(field: Field, depth: number): unknown {
  if (field.label === "repeated") return [];
  if (field.label === "map") return {};
  return field.scalar === undefined ? field.nested?.().zero(depth + 1) : zeroScalar(field.scalar);
}

function codecBehind(type: () => MessageType<unknown>): NestedCodec {
  const codec = type();
  if (codec instanceof MessageCodec) return codec;
  throw new TypeError(`message ${codec.name} was not made by defineMessage`);
}

/** The other fields of its oneof. */
function rivalsOf({ oneof, property }: FieldDefinition, fields: readonly FieldDefinition[]): string[] {
  if (oneof === undefined) return [];
  return fields.flatMap((field) =>
    field.oneof === oneof && field.property !== property ? [field.property] : [],
  );
}

function rivalry({ property, rivals }: Field, value: Record<string, unknown>): FieldProblem | undefined {
  if (value[property] === undefined) return undefined;
  const rival = rivals.find((each) => value[each] !== undefined);
  return rival === undefined ? undefined : { path: property, rule: `must not come with ${rival}` };
}

function assertDistinct(name: string, definitions: readonly FieldDefinition[]): void {
  const seen = new Set<number | string>();
  for (const { number, property } of definitions) {
    if (!Number.isInteger(number) || number < 1 || number > FIELD_NUMBER_MAX) {
      throw new TypeError(`message ${name}: field ${property} has the number ${number}`);
    }
    if (seen.has(number) || seen.has(property)) {
      throw new TypeError(`message ${name}: field ${property} = ${number} is defined twice`);
    }
    seen.add(number).add(property);
  }
}
