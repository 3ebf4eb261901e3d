import type { Position } from "../emit/index.ts";
import type { AstColumn } from "./ast.ts";
import { refuseOthers, type StatementScope } from "./statement-scope.ts";
import type { SqlColumnType } from "./table.ts";

/** A column's type and how MySQL declares it. */
export interface ReadType {
  readonly type: SqlColumnType;
  readonly declared: string;
}

const BITS_OF_INTEGER: Readonly<Record<string, number>> = {
  tinyint: 8,
  smallint: 16,
  mediumint: 24,
  int: 32,
  bigint: 64,
};

// MySQL limits these in bytes; so many characters fit whatever they are (utf8mb4 takes up to 4 bytes).
const LENGTH_OF_TEXT: Readonly<Record<string, number>> = {
  tinytext: 63,
  text: 16_383,
  mediumtext: 4_194_303,
  longtext: 1_073_741_823,
};

const LENGTH_OF_BYTES: Readonly<Record<string, number>> = {
  tinyblob: 255,
  blob: 65_535,
  mediumblob: 16_777_215,
  longblob: 4_294_967_295,
};

// A row is 65535 bytes, so no utf8mb4 varchar is longer; char ends at 255.
const LENGTH_MAX: Readonly<Record<string, number>> = { varchar: 16_383, char: 255 };

const KNOWN = new Set(["dataType", "length", "parentheses", "suffix"]);

/** The type of a column definition, with its limits. */
export function readType(node: AstColumn, position: Position, scope: StatementScope): ReadType {
  const { definition } = node;
  const name = definition.dataType.toLowerCase().replace(/^integer$/, "int");
  refuseOthers(definition, KNOWN, (part) => scope.fail(position, `${part} of type ${name} is not supported`));
  const suffix = (definition.suffix ?? []).map((word) => word.toLowerCase());
  const length = definition.length ?? undefined;
  const odd = suffix.find((word) => word !== "unsigned" || BITS_OF_INTEGER[name] === undefined);
  if (odd !== undefined) return scope.fail(position, `${odd} is not supported`);
  const bits = BITS_OF_INTEGER[name];
  if (bits !== undefined) return integerType(name, bits, suffix.includes("unsigned"));
  if (name === "timestamp" || name === "datetime") {
    const wall = name === "datetime";
    return {
      type: { kind: "time", wall, digits: length ?? 0 },
      declared: length === undefined ? name : `${name}(${length})`,
    };
  }
  const textLength = LENGTH_OF_TEXT[name];
  if (textLength !== undefined) return { type: { kind: "text", lengthMax: textLength }, declared: name };
  const bytesLength = LENGTH_OF_BYTES[name];
  if (bytesLength !== undefined) return { type: { kind: "bytes", lengthMax: bytesLength }, declared: name };
  const lengthMax = LENGTH_MAX[name];
  if (lengthMax === undefined) return scope.fail(position, `type ${name} is not supported`);
  if (length === undefined || length < 1 || length > lengthMax) {
    return scope.fail(position, `the length of ${name} must be 1..${lengthMax}`);
  }
  return { type: { kind: "text", lengthMax: length }, declared: `${name}(${length})` };
}

/** The display width of an integer says nothing about what it holds, and newer servers drop it. */
function integerType(name: string, bits: number, unsigned: boolean): ReadType {
  const declared = unsigned ? `${name} unsigned` : name;
  const max = Math.min(2 ** (unsigned ? bits : bits - 1) - 1, Number.MAX_SAFE_INTEGER);
  const min = unsigned ? 0 : Math.max(-(2 ** (bits - 1)), Number.MIN_SAFE_INTEGER);
  return { type: { kind: "integer", min, max }, declared };
}
