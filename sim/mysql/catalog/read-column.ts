import type { TokenReader } from "../sql/token-reader.ts";
import type { Cell, Collation, Column, ColumnType } from "./table.ts";

/** Bits of the whole numbers. */
const INTEGER_BITS: Readonly<Record<string, number>> = {
  TINYINT: 8,
  SMALLINT: 16,
  MEDIUMINT: 24,
  INT: 32,
  BIGINT: 64,
};
const TEXT_LENGTH: Readonly<Record<string, number>> = {
  TEXT: 2 ** 16 - 1,
  MEDIUMTEXT: 2 ** 24 - 1,
  LONGTEXT: 2 ** 32 - 1,
};
const BYTES_LENGTH: Readonly<Record<string, number>> = {
  BLOB: 2 ** 16 - 1,
  MEDIUMBLOB: 2 ** 24 - 1,
  LONGBLOB: 2 ** 32 - 1,
};

/** Reads the definition of a column; the collation of its table is known later. */
export function readColumn(tokens: TokenReader): (collation: Collation) => Column {
  const name = tokens.name();
  const type = readType(tokens);
  const traits: {
    nullable: boolean;
    byDefault: Column["byDefault"];
    nowOnUpdate: boolean;
    isAutoIncrement: boolean;
  } = {
    nullable: true,
    byDefault: undefined,
    nowOnUpdate: false,
    isAutoIncrement: false,
  };
  for (;;) {
    if (tokens.skip("NOT", "NULL")) traits.nullable = false;
    else if (tokens.skip("NULL")) traits.nullable = true;
    else if (tokens.skip("AUTO_INCREMENT")) traits.isAutoIncrement = true;
    else if (tokens.skip("COMMENT")) tokens.text();
    else if (tokens.skip("DEFAULT")) traits.byDefault = readDefault(tokens, type("binary"));
    else if (tokens.skip("ON", "UPDATE")) {
      readNow(tokens);
      traits.nowOnUpdate = true;
    } else break;
  }
  if (traits.byDefault === undefined && traits.nullable) traits.byDefault = { value: null };
  return (collation) => ({ name, type: type(collation), ...traits });
}

function readType(tokens: TokenReader): (collation: Collation) => ColumnType {
  const word = tokens.name().toUpperCase();
  const size = tokens.skip("(") ? readSize(tokens) : undefined;
  const bits = INTEGER_BITS[word];
  if (bits !== undefined) {
    const unsigned = tokens.skip("UNSIGNED");
    const type = unsigned
      ? ({ kind: "integer", min: 0, max: 2 ** bits - 1, unsigned } as const)
      : ({ kind: "integer", min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1, unsigned } as const);
    return () => type;
  }
  if (word === "TIMESTAMP" || word === "DATETIME") return () => ({ kind: "time", digits: size ?? 0 });
  const bytes = word === "VARBINARY" ? size : BYTES_LENGTH[word];
  if (bytes !== undefined) return () => ({ kind: "bytes", lengthMax: bytes });
  const lengthMax = word === "VARCHAR" || word === "CHAR" ? (size ?? 1) : TEXT_LENGTH[word];
  if (lengthMax === undefined) throw tokens.unknown(-1);
  return (collation) => ({ kind: "text", lengthMax, fixed: word === "CHAR", collation });
}

function readSize(tokens: TokenReader): number {
  const size = tokens.number();
  tokens.expect(")");
  return size;
}

function readDefault(tokens: TokenReader, type: ColumnType): Column["byDefault"] {
  if (tokens.skip("NULL")) return { value: null };
  if (tokens.is("CURRENT_TIMESTAMP")) {
    readNow(tokens);
    return "now";
  }
  const value: Cell = tokens.peek().kind === "number" ? tokens.number() : tokens.text();
  return { value: type.kind === "integer" ? Number(value) : String(value) };
}

function readNow(tokens: TokenReader): void {
  tokens.expect("CURRENT_TIMESTAMP");
  if (tokens.skip("(") && !tokens.skip(")")) readSize(tokens);
}
