import type { SqlReader } from "./sql-reader.ts";
import type { SqlColumnType } from "./table.ts";

/** A column's type and how MySQL declares it. */
export interface ReadType {
  readonly type: SqlColumnType;
  readonly declared: string;
}

/** What is written of a type, before it is looked at. */
interface WrittenType {
  readonly name: string;
  readonly args: readonly string[];
  readonly unsigned: boolean;
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
  json: 1_073_741_823,
  // A set is told by its members with commas between.
  set: 16_383,
  // `-838:59:59.000000`
  time: 17,
};

const LENGTH_OF_BYTES: Readonly<Record<string, number>> = {
  tinyblob: 255,
  blob: 65_535,
  mediumblob: 16_777_215,
  longblob: 4_294_967_295,
};

// A row is 65535 bytes, so no utf8mb4 varchar is longer; char ends at 255.
/** How many characters fit of the narrowest character set; of wider ones the server itself refuses some. */
const LENGTH_MAX: Readonly<Record<string, number>> = { varchar: 65_535, char: 255 };
const BYTES_MAX: Readonly<Record<string, number>> = { varbinary: 65_535, binary: 255 };
/** More than that a number of JavaScript does not hold. */
const BITS_MAX = 53;

const SYNONYMS: Readonly<Record<string, string>> = {
  integer: "int",
  int1: "tinyint",
  int2: "smallint",
  int3: "mediumint",
  int4: "int",
  int8: "bigint",
  bool: "boolean",
  dec: "decimal",
  numeric: "decimal",
  fixed: "decimal",
  real: "double",
  character: "char",
  nchar: "char",
  nvarchar: "varchar",
  long: "mediumtext",
};

/** The type of a column definition, with its limits. */
export function readType(reader: SqlReader): ReadType {
  const { offset } = reader.peek();
  const written = readWritten(reader);
  const { name, args, unsigned } = written;
  const bits = BITS_OF_INTEGER[name];
  if (bits !== undefined) return integerType(name, bits, unsigned);
  if (name === "decimal") return decimalType(args);
  if (name === "double" || name === "float") return { type: { kind: "float" }, declared: name };
  if (name === "boolean") return { type: { kind: "boolean" }, declared: "tinyint" };
  if (name === "date") return { type: { kind: "date" }, declared: name };
  if (name === "year") return { type: { kind: "integer", min: 0, max: 2155 }, declared: name };
  if (name === "enum") return enumType(reader, args, offset);
  return (
    timeType(written) ??
    textType(reader, written, offset) ??
    bytesType(reader, written, offset) ??
    unknown(reader, name, offset)
  );
}

function unknown(reader: SqlReader, name: string, offset: number): never {
  return reader.fail(`type ${name} is not supported`, offset);
}

function readWritten(reader: SqlReader): WrittenType {
  if (reader.peek().kind !== "word") reader.unexpected("a column type");
  const word = reader.next().value.toLowerCase();
  if (word === "national") return readWritten(reader);
  let name = Object.hasOwn(SYNONYMS, word) ? (SYNONYMS[word] ?? word) : word;
  if (name === "double") reader.takes("PRECISION");
  if (name === "char" && reader.takes("VARYING")) name = "varchar";
  const args = reader.sees("(") ? readArguments(reader) : [];
  let unsigned = false;
  for (;;) {
    if (reader.takes("UNSIGNED") || reader.takes("ZEROFILL")) unsigned = true;
    else if (
      !reader.takes("SIGNED") &&
      !reader.takes("BINARY") &&
      !reader.takes("UNICODE") &&
      !reader.takes("ASCII")
    )
      break;
  }
  return { name, args, unsigned };
}

function readArguments(reader: SqlReader): string[] {
  reader.expect("(");
  const args: string[] = [];
  while (!reader.takes(")")) {
    if (reader.peek().kind === "number" || reader.peek().kind === "text") args.push(reader.next().value);
    else reader.unexpected('a number or text, or ")"');
    if (!reader.sees(")")) reader.expect(",");
  }
  return args;
}

/** The display width of an integer says nothing about what it holds, and newer servers drop it. */
function integerType(name: string, bits: number, unsigned: boolean): ReadType {
  const declared = unsigned ? `${name} unsigned` : name;
  const max = Math.min(2 ** (unsigned ? bits : bits - 1) - 1, Number.MAX_SAFE_INTEGER);
  const min = unsigned ? 0 : Math.max(-(2 ** (bits - 1)), Number.MIN_SAFE_INTEGER);
  return { type: { kind: "integer", min, max }, declared };
}

function decimalType([precisionText = "10", scaleText = "0"]: readonly string[]): ReadType {
  const precision = Number(precisionText);
  const scale = Number(scaleText);
  return { type: { kind: "decimal", precision, scale }, declared: `decimal(${precision},${scale})` };
}

function enumType(reader: SqlReader, values: readonly string[], offset: number): ReadType {
  if (values.length === 0) reader.fail("an enum names its values", offset);
  const lengthMax = Math.max(...values.map((value) => [...value].length));
  const declared = `enum(${values.map((value) => `'${value.replaceAll("'", "''")}'`).join(",")})`;
  return { type: { kind: "text", lengthMax, values }, declared };
}

function timeType({ name, args: [digits] }: WrittenType): ReadType | undefined {
  if (name !== "timestamp" && name !== "datetime") return undefined;
  const declared = digits === undefined ? name : `${name}(${digits})`;
  return { type: { kind: "time", wall: name === "datetime", digits: Number(digits ?? 0) }, declared };
}

function textType(reader: SqlReader, { name, args }: WrittenType, offset: number): ReadType | undefined {
  const textLength = LENGTH_OF_TEXT[name];
  if (textLength !== undefined) return { type: { kind: "text", lengthMax: textLength }, declared: name };
  const lengthMax = LENGTH_MAX[name];
  if (lengthMax === undefined) return undefined;
  const length = Number(args[0] ?? (name === "char" ? 1 : 0));
  if (length < 1 || length > lengthMax) reader.fail(`the length of ${name} must be 1..${lengthMax}`, offset);
  return { type: { kind: "text", lengthMax: length }, declared: `${name}(${length})` };
}

function bytesType(reader: SqlReader, { name, args }: WrittenType, offset: number): ReadType | undefined {
  const blob = LENGTH_OF_BYTES[name];
  if (blob !== undefined) return { type: { kind: "bytes", lengthMax: blob }, declared: name };
  const [size = "1"] = args;
  if (name === "bit") {
    if (Number(size) > BITS_MAX) reader.fail(`a bit column has at most ${BITS_MAX} bits`, offset);
    return { type: { kind: "integer", min: 0, max: 2 ** Number(size) - 1 }, declared: `bit(${size})` };
  }
  const max = BYTES_MAX[name];
  if (max === undefined) return undefined;
  if (Number(size) < 1 || Number(size) > max) reader.fail(`the length of ${name} must be 1..${max}`, offset);
  return { type: { kind: "bytes", lengthMax: Number(size) }, declared: `${name}(${size})` };
}
