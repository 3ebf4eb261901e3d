import type { AggregateName, BinaryOperator, Comparison, Expression, Select } from "./ast.ts";
import type { TokenReader } from "./token-reader.ts";

const AGGREGATES: ReadonlySet<string> = new Set<AggregateName>(["MIN", "MAX", "SUM", "COUNT"]);
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  "=": "=",
  "<>": "<>",
  "!=": "<>",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

/** Reads expressions; selects inside of them by `readSelect`. */
export class ExpressionParser {
  readonly #tokens: TokenReader;
  readonly #readSelect: () => Select;

  constructor(tokens: TokenReader, readSelect: () => Select) {
    this.#tokens = tokens;
    this.#readSelect = readSelect;
  }

  readonly read = (): Expression => {
    let left = this.#and();
    while (this.#tokens.skip("OR")) left = binary("OR", left, this.#and());
    return left;
  };

  #and(): Expression {
    let left = this.#not();
    while (this.#tokens.skip("AND")) left = binary("AND", left, this.#not());
    return left;
  }

  #not(): Expression {
    return this.#tokens.skip("NOT") ? { kind: "not", operand: this.#not() } : this.#comparison();
  }

  #comparison(): Expression {
    const tokens = this.#tokens;
    if (tokens.is("(") && this.#isTuple()) return this.#tupleIn();
    const left = this.#sum();
    if (tokens.skip("IS")) {
      const negated = tokens.skip("NOT");
      tokens.expect("NULL");
      return { kind: "isNull", operand: left, negated };
    }
    if (tokens.skip("BETWEEN")) {
      const low = this.#sum();
      tokens.expect("AND");
      return binary("AND", binary(">=", left, low), binary("<=", left, this.#sum()));
    }
    if (tokens.skip("NOT", "IN")) return { kind: "not", operand: this.#in(left) };
    if (tokens.skip("IN")) return this.#in(left);
    const operator = tokens.peek().kind === "symbol" ? COMPARISONS[tokens.peek().text] : undefined;
    if (operator === undefined) return left;
    tokens.next();
    return binary(operator, left, this.#sum());
  }

  /** `(a, b) IN (…)`: a comma follows the first name. */
  #isTuple(): boolean {
    const { kind } = this.#tokens.peek(1);
    const after = this.#tokens.peek(2);
    return (kind === "name" || kind === "word") && after.kind === "symbol" && after.text === ",";
  }

  #tupleIn(): Expression {
    const left = this.#tokens.enclosed(() => this.#sum());
    this.#tokens.expect("IN");
    const rows = this.#tokens.enclosed(() => this.#tokens.enclosed(() => this.#sum()));
    return { kind: "in", left, rows };
  }

  #in(left: Expression): Expression {
    const tokens = this.#tokens;
    if (tokens.is("(", "SELECT")) {
      tokens.expect("(");
      const select = this.#readSelect();
      tokens.expect(")");
      return { kind: "inSelect", left, select };
    }
    return { kind: "in", left: [left], rows: tokens.enclosed(() => [this.#sum()]) };
  }

  #sum(): Expression {
    let left = this.#product();
    for (;;) {
      if (this.#tokens.skip("+")) left = binary("+", left, this.#product());
      else if (this.#tokens.skip("-")) left = binary("-", left, this.#product());
      else return left;
    }
  }

  #product(): Expression {
    let left = this.#concat();
    while (this.#tokens.skip("*")) left = binary("*", left, this.#concat());
    return left;
  }

  #concat(): Expression {
    let left = this.#primary();
    while (this.#tokens.skip("||")) left = binary("||", left, this.#primary());
    return left;
  }

  #primary(): Expression {
    const tokens = this.#tokens;
    const { kind } = tokens.peek();
    if (kind === "number") return { kind: "number", value: tokens.number() };
    if (kind === "text") return { kind: "text", value: tokens.text() };
    if (tokens.skip("-")) return { kind: "number", value: -tokens.number() };
    if (tokens.skip("?")) return { kind: "parameter", index: tokens.parameter() };
    if (tokens.skip("(")) {
      const inner = this.read();
      tokens.expect(")");
      return inner;
    }
    if (tokens.skip("NULL")) return { kind: "null" };
    if (tokens.skip("EXISTS")) return this.#exists();
    if (tokens.skip("CASE")) return this.#case();
    if (tokens.skip("CAST")) return this.#cast();
    const { text } = tokens.peek();
    if (kind === "word" && text.startsWith("@@"))
      return { kind: "variable", name: tokens.next().text.slice(2) };
    if (kind === "word" && tokens.peek(1).text === "(" && tokens.peek(1).kind === "symbol")
      return this.#call();
    return this.#column();
  }

  #column(): Expression {
    const first = this.#tokens.name();
    return this.#tokens.skip(".")
      ? { kind: "column", table: first, name: this.#tokens.name() }
      : { kind: "column", table: undefined, name: first };
  }

  #call(): Expression {
    const tokens = this.#tokens;
    const name = tokens.next().text.toUpperCase();
    if (isAggregate(name)) {
      tokens.expect("(");
      const argument = tokens.skip("*") ? undefined : this.read();
      tokens.expect(")");
      return { kind: "aggregate", name, argument };
    }
    if (tokens.skip("(", ")")) return { kind: "call", name, args: [] };
    return { kind: "call", name, args: tokens.enclosed(this.read) };
  }

  #exists(): Expression {
    this.#tokens.expect("(");
    const select = this.#readSelect();
    this.#tokens.expect(")");
    return { kind: "exists", select };
  }

  /** `CASE x WHEN 1 THEN …` is short for `CASE WHEN x = 1 THEN …`. */
  #case(): Expression {
    const tokens = this.#tokens;
    const branches = [];
    const operand = tokens.is("WHEN") ? undefined : this.read();
    while (tokens.skip("WHEN")) {
      const condition = this.read();
      const when = operand === undefined ? condition : binary("=", operand, condition);
      tokens.expect("THEN");
      branches.push({ when, result: this.read() });
    }
    const otherwise = tokens.skip("ELSE") ? this.read() : undefined;
    tokens.expect("END");
    return { kind: "case", branches, otherwise };
  }

  /** `CAST(x AS BINARY)`, also of `CONVERT(x USING utf8mb4)`, which is what the text is in already. */
  #cast(): Expression {
    const tokens = this.#tokens;
    tokens.expect("(");
    let operand: Expression;
    if (tokens.skip("CONVERT", "(")) {
      operand = this.read();
      tokens.expect("USING");
      if (!tokens.skip("UTF8MB4")) throw tokens.unknown();
      tokens.expect(")");
    } else {
      operand = this.read();
    }
    tokens.expect("AS", "BINARY", ")");
    return { kind: "binaryCast", operand };
  }
}

function isAggregate(name: string): name is AggregateName {
  return AGGREGATES.has(name);
}

function binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
  return { kind: "binary", operator, left, right };
}
