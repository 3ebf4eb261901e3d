import type { Cell } from "../catalog/table.ts";
import type { Expression } from "../sql/ast.ts";
import { INTEGER, type Key, keyOfType, type ValueType } from "./compare.ts";
import type { Compiled, Scope } from "./scope.ts";

type Aggregate = Extract<Expression, { kind: "aggregate" }>;

/** What an aggregate makes of the rows of a group. */
interface Accumulator {
  add(scope: Scope): void;
  readonly value: Cell;
}

/** The aggregates of a select. */
export class Aggregates {
  readonly #makers: (() => Accumulator)[] = [];

  get count(): number {
    return this.#makers.length;
  }

  /** Takes an aggregate in; what it is worth stands in the scope of a group. */
  add({ name }: Aggregate, argument: Compiled | undefined): Compiled {
    const index = this.#makers.length;
    const evaluate = ({ aggregates }: Scope): Cell => aggregates[index] ?? null;
    if (name === "COUNT") {
      this.#makers.push(() => new Count(argument));
      return { evaluate, type: INTEGER };
    }
    if (argument === undefined) throw new Error(`${name} of nothing`);
    if (name === "SUM") {
      this.#makers.push(() => new Sum(argument));
      return { evaluate, type: { kind: "decimal" } satisfies ValueType };
    }
    this.#makers.push(() => new Extreme(argument, name === "MIN"));
    return { evaluate, type: argument.type };
  }

  begin(): Accumulator[] {
    return this.#makers.map((make) => make());
  }
}

class Count implements Accumulator {
  value = 0;
  readonly #argument: Compiled | undefined;

  constructor(argument: Compiled | undefined) {
    this.#argument = argument;
  }

  add(scope: Scope): void {
    if (this.#argument === undefined || this.#argument.evaluate(scope) !== null) this.value += 1;
  }
}

class Sum implements Accumulator {
  value: number | null = null;
  readonly #argument: Compiled;

  constructor(argument: Compiled) {
    this.#argument = argument;
  }

  add(scope: Scope): void {
    const value = this.#argument.evaluate(scope);
    if (value !== null) this.value = (this.value ?? 0) + Number(value);
  }
}

class Extreme implements Accumulator {
  value: Cell = null;
  #key: Key = null;
  readonly #argument: Compiled;
  readonly #keyOf: (value: Cell) => Key;
  readonly #isLeast: boolean;

  constructor(argument: Compiled, isLeast: boolean) {
    this.#argument = argument;
    this.#keyOf = keyOfType(argument.type);
    this.#isLeast = isLeast;
  }

  add(scope: Scope): void {
    const value = this.#argument.evaluate(scope);
    const key = this.#keyOf(value);
    if (key === null || (this.#key !== null && key < this.#key !== this.#isLeast)) return;
    this.#key = key;
    this.value = value;
  }
}
