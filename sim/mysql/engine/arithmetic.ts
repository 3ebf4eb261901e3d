import { UnsupportedSql } from "../unsupported-sql.ts";
import { INTEGER, isNumber, type ValueType } from "./compare.ts";
import type { Compiled } from "./scope.ts";
import { ServerError } from "./server-error.ts";

const UNSIGNED: ValueType = { kind: "integer", min: 0, max: 2 ** 64 - 1, unsigned: true };

/** A sum, difference or product. One with an unsigned number in it cannot be below zero. */
export function arithmetic(operator: "+" | "-" | "*", left: Compiled, right: Compiled): Compiled {
  for (const { type } of [left, right]) {
    if (type.kind !== "literal" && !isNumber(type)) throw new UnsupportedSql(`${operator} with ${type.kind}`);
  }
  const isUnsigned = isUnsignedType(left.type) || isUnsignedType(right.type);
  return {
    evaluate: (scope) => {
      const a = left.evaluate(scope);
      const b = right.evaluate(scope);
      if (a === null || b === null) return null;
      if (typeof a !== "number" || typeof b !== "number")
        throw new UnsupportedSql(`${String(a)} ${operator} ${String(b)}`);
      const value = operator === "+" ? a + b : operator === "-" ? a - b : a * b;
      if (!Number.isSafeInteger(value)) throw new UnsupportedSql(`a number like ${value}`);
      if (isUnsigned && value < 0) {
        throw new ServerError("resultOutOfRange", "BIGINT UNSIGNED value is out of range in an expression");
      }
      return value;
    },
    type: isUnsigned ? UNSIGNED : INTEGER,
  };
}

function isUnsignedType(type: ValueType): boolean {
  return type.kind === "integer" && type.unsigned;
}
