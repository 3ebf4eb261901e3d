import type { Cell } from "../catalog/table.ts";
import type { BinaryOperator, Comparison, Expression, Select } from "../sql/ast.ts";
import { UnsupportedSql } from "../unsupported-sql.ts";
import { arithmetic } from "./arithmetic.ts";
import { callFunction } from "./call-function.ts";
import { commonType, INTEGER, type Key, keyOfType, LITERAL, type ValueType } from "./compare.ts";
import type { Names } from "./names.ts";
import type { Compiled, Evaluate, Scope } from "./scope.ts";

/** What stands inside of an expression and is not its own matter. */
export interface ExpressionContext {
  readonly names: Names;
  /** Rows of a select, one value each; where `names` are those around it. */
  compileSelect(select: Select, names: Names): (scope: Scope) => readonly Cell[];
  /** Takes an aggregate in; undefined where none may stand. */
  aggregate: ((expression: Extract<Expression, { kind: "aggregate" }>) => Compiled) | undefined;
}

/** Makes a function of an expression. */
export function compileExpression(expression: Expression, context: ExpressionContext): Compiled {
  const compile = (inner: Expression): Compiled => compileExpression(inner, context);
  switch (expression.kind) {
    case "number":
      return constant(expression.value, INTEGER);
    case "text":
      return constant(expression.value, LITERAL);
    case "null":
      return constant(null, LITERAL);
    case "parameter":
      return { evaluate: ({ parameters }) => parameters[expression.index] ?? null, type: LITERAL };
    case "column":
      return compileColumn(expression, context);
    case "variable":
      return compileVariable(expression.name);
    case "call":
      return callFunction(expression.name, expression.args.map(compile));
    case "aggregate":
      if (context.aggregate === undefined) throw new UnsupportedSql(`${expression.name} at its place`);
      return context.aggregate(expression);
    case "binary":
      return compileBinary(expression.operator, compile(expression.left), compile(expression.right));
    case "not":
      return compileNot(compile(expression.operand).evaluate);
    case "isNull":
      return compileIsNull(compile(expression.operand).evaluate, expression.negated);
    case "case":
      return compileCase(expression, compile);
    case "binaryCast":
      return { ...compile(expression.operand), type: BINARY };
    case "in":
      return compileIn(
        expression.left.map(compile),
        expression.rows.map((row) => row.map(compile)),
      );
    case "inSelect":
      return compileInSelect(
        compile(expression.left),
        context.compileSelect(expression.select, context.names),
      );
    case "exists": {
      const select = context.compileSelect(expression.select, context.names);
      return { evaluate: (scope) => (select(scope).length > 0 ? 1 : 0), type: INTEGER };
    }
  }
}

const BINARY: ValueType = {
  kind: "text",
  lengthMax: Number.POSITIVE_INFINITY,
  fixed: false,
  collation: "binary",
};

function constant(value: Cell, type: ValueType): Compiled {
  return { evaluate: () => value, type };
}

function compileColumn(
  { table, name }: { table: string | undefined; name: string },
  { names }: ExpressionContext,
): Compiled {
  const { slot, position, column } = names.place(table, name);
  return { evaluate: ({ rows }) => rows[slot]?.[position] ?? null, type: column.type };
}

function compileVariable(name: string): Compiled {
  return {
    evaluate: ({ host }) => {
      const value = host.variable(name.toLowerCase());
      if (value === undefined) throw new UnsupportedSql(`a variable ${name}`);
      return value;
    },
    type: LITERAL,
  };
}

const TESTS: Readonly<Record<Comparison, (left: number | string, right: number | string) => boolean>> = {
  "=": (left, right) => left === right,
  "<>": (left, right) => left !== right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

function compileBinary(operator: BinaryOperator, left: Compiled, right: Compiled): Compiled {
  switch (operator) {
    case "AND":
      return { evaluate: both(left.evaluate, right.evaluate), type: INTEGER };
    case "OR":
      return { evaluate: either(left.evaluate, right.evaluate), type: INTEGER };
    case "+":
    case "-":
    case "*":
      return arithmetic(operator, left, right);
    case "||":
      return callFunction("CONCAT", [left, right]);
    default:
      return { evaluate: compare(operator, left, right), type: INTEGER };
  }
}

function compare(operator: Comparison, left: Compiled, right: Compiled): Evaluate {
  const keyOf = keyOfType(commonType(left.type, right.type));
  const test = TESTS[operator];
  const [a, b] = [left.evaluate, right.evaluate];
  return (scope) => {
    const leftKey = keyOf(a(scope));
    const rightKey = keyOf(b(scope));
    if (leftKey === null || rightKey === null) return null;
    return test(leftKey, rightKey) ? 1 : 0;
  };
}

function both(left: Evaluate, right: Evaluate): Evaluate {
  return (scope) => {
    const first = left(scope);
    if (first === 0) return 0;
    const second = right(scope);
    if (second === 0) return 0;
    return first === null || second === null ? null : 1;
  };
}

function either(left: Evaluate, right: Evaluate): Evaluate {
  return (scope) => {
    const first = left(scope);
    if (first !== 0 && first !== null) return 1;
    const second = right(scope);
    if (second !== 0 && second !== null) return 1;
    return first === null || second === null ? null : 0;
  };
}

function compileNot(operand: Evaluate): Compiled {
  return {
    evaluate: (scope) => {
      const value = operand(scope);
      if (value === null) return null;
      return value === 0 ? 1 : 0;
    },
    type: INTEGER,
  };
}

function compileIsNull(operand: Evaluate, negated: boolean): Compiled {
  return { evaluate: (scope) => ((operand(scope) === null) !== negated ? 1 : 0), type: INTEGER };
}

function compileCase(
  { branches, otherwise }: Extract<Expression, { kind: "case" }>,
  compile: (expression: Expression) => Compiled,
): Compiled {
  const compiled = branches.map(({ when, result }) => ({
    when: compile(when).evaluate,
    result: compile(result),
  }));
  const last = otherwise === undefined ? constant(null, LITERAL) : compile(otherwise);
  const type = compiled.reduce<ValueType>((common, { result }) => commonType(common, result.type), last.type);
  return {
    evaluate: (scope) => {
      for (const { when, result } of compiled) {
        const holds = when(scope);
        if (holds !== 0 && holds !== null) return result.evaluate(scope);
      }
      return last.evaluate(scope);
    },
    type,
  };
}

function compileIn(left: readonly Compiled[], rows: readonly (readonly Compiled[])[]): Compiled {
  const alternatives = rows.map((row) =>
    row
      .map((value, index) => compare("=", left[index] ?? value, value))
      .reduce((condition, next) => both(condition, next)),
  );
  return { evaluate: alternatives.reduce((condition, next) => either(condition, next)), type: INTEGER };
}

function compileInSelect(left: Compiled, select: (scope: Scope) => readonly Cell[]): Compiled {
  const keyOf = keyOfType(left.type);
  return {
    evaluate: (scope) => {
      const wanted = keyOf(left.evaluate(scope));
      if (wanted === null) return null;
      const found: readonly Key[] = select(scope).map(keyOf);
      if (found.includes(wanted)) return 1;
      return found.includes(null) ? null : 0;
    },
    type: INTEGER,
  };
}
