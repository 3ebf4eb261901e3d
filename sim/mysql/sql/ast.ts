/** An expression as it is written. */
export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "null" }
  /** The `?` with this number, from 0. */
  | { readonly kind: "parameter"; readonly index: number }
  | { readonly kind: "column"; readonly table: string | undefined; readonly name: string }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  /** COUNT(*) has no argument. */
  | { readonly kind: "aggregate"; readonly name: AggregateName; readonly argument: Expression | undefined }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "not"; readonly operand: Expression }
  | { readonly kind: "isNull"; readonly operand: Expression; readonly negated: boolean }
  | {
      readonly kind: "case";
      readonly branches: readonly CaseBranch[];
      readonly otherwise: Expression | undefined;
    }
  | { readonly kind: "binaryCast"; readonly operand: Expression }
  | {
      readonly kind: "in";
      readonly left: readonly Expression[];
      readonly rows: readonly (readonly Expression[])[];
    }
  | { readonly kind: "inSelect"; readonly left: Expression; readonly select: Select }
  | { readonly kind: "exists"; readonly select: Select };

export type AggregateName = "MIN" | "MAX" | "SUM" | "COUNT";
export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";
export type BinaryOperator = Comparison | "AND" | "OR" | "+" | "-" | "*" | "||";

interface CaseBranch {
  readonly when: Expression;
  readonly result: Expression;
}

/** `*` has no expression. */
export interface SelectItem {
  readonly expression: Expression | undefined;
  readonly alias: string | undefined;
}

export interface Source {
  readonly table: string;
  readonly alias: string;
  /** Undefined for the first one. */
  readonly on: Expression | undefined;
  readonly isOuter: boolean;
}

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
}

export interface Select {
  readonly kind: "select";
  readonly items: readonly SelectItem[];
  readonly from: readonly Source[];
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly limit: Expression | undefined;
  readonly offset: Expression | undefined;
  readonly lock: "none" | "wait" | "skip";
}

export interface Insert {
  readonly kind: "insert";
  readonly table: string;
  readonly ignores: boolean;
  readonly columns: readonly string[];
  /** Undefined stands for DEFAULT. */
  readonly rows: readonly (readonly (Expression | undefined)[])[];
  /** Columns of a RETURNING clause. */
  readonly returning: readonly string[] | undefined;
}

export interface Assignment {
  readonly column: string;
  readonly value: Expression;
}

export interface Update {
  readonly kind: "update";
  readonly table: string;
  readonly sets: readonly Assignment[];
  readonly where: Expression | undefined;
}

export interface Delete {
  readonly kind: "delete";
  readonly table: string;
  readonly where: Expression | undefined;
}

export type Isolation = "read committed" | "repeatable read";

/** Statements about the session. */
export type Control =
  | { readonly kind: "begin"; readonly snapshot: boolean; readonly readOnly: boolean }
  | { readonly kind: "commit" }
  | { readonly kind: "rollback" }
  | { readonly kind: "isolation"; readonly level: Isolation; readonly scope: "next" | "session" }
  | { readonly kind: "set"; readonly variables: ReadonlyMap<string, Expression> };

type Query = Select | { readonly kind: "union"; readonly selects: readonly Select[] };

/** SHOW VARIABLES, of these names. */
interface Show {
  readonly kind: "show";
  readonly names: readonly string[];
}

export type SqlStatement = Show | Query | Insert | Update | Delete | Control;
