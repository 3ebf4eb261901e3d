/**
 * The parts of node-sql-parser's MySQL tree that a contract may use. Its own types are looser and miss
 * members, so these are what version 5.4 really gives; unknown members are refused by name.
 */
export interface AstLocation {
  readonly start: { readonly offset: number };
}

export interface AstColumnRef {
  readonly column: string;
  readonly loc?: AstLocation;
  readonly order_by?: string | null;
  /** A prefix length, e.g. `(10)`. */
  readonly suffix?: string;
}

export interface AstValue {
  readonly type: string;
  readonly value?: unknown;
  readonly name?: { readonly name: readonly { readonly value: string }[] };
  /** `ON UPDATE` hangs here. */
  readonly over?: { readonly type: string; readonly keyword?: string } | null;
}

export interface AstColumn {
  readonly resource: "column";
  readonly column: AstColumnRef;
  readonly definition: {
    readonly dataType: string;
    readonly length?: number | null;
    readonly scale?: number | null;
    readonly suffix?: readonly string[] | null;
  };
  readonly nullable?: { readonly type: string };
  readonly default_val?: { readonly value: AstValue };
  readonly comment?: { readonly value: AstValue };
  readonly auto_increment?: string;
  readonly primary_key?: string;
  readonly suffix?: { readonly keyword: string; readonly expr?: AstColumnRef } | null;
}

export interface AstConstraint {
  readonly resource: "constraint";
  readonly constraint_type: string;
  /** The name of `CONSTRAINT name UNIQUE (…)`. */
  readonly constraint?: string | null;
  readonly index?: string | null;
  readonly definition: readonly AstColumnRef[];
}

export interface AstIndex {
  readonly resource: "index";
  readonly index?: string | null;
  readonly keyword: string;
  readonly definition: readonly AstColumnRef[];
  readonly index_options?: readonly { readonly type: string; readonly value?: AstValue }[] | null;
}

export type AstDefinition = AstColumn | AstConstraint | AstIndex;

export interface AstTable {
  readonly table: string;
  readonly db: string | null;
}

export type AstAlteration =
  | (AstColumn & { readonly action: "add" })
  | (AstIndex & { readonly action: "add" })
  | { readonly action: "add"; readonly resource: "constraint"; readonly create_definitions: AstConstraint }
  | {
      readonly action: "drop";
      readonly resource: "key" | "index";
      readonly keyword: string;
      readonly key?: string;
      readonly index?: string;
    };

export type AstStatement =
  | {
      readonly type: "create";
      readonly keyword: "table";
      readonly if_not_exists: string | null;
      readonly table: readonly AstTable[];
      readonly create_definitions?: readonly AstDefinition[];
      readonly table_options?: readonly { readonly keyword: string }[] | null;
    }
  | {
      readonly type: "create";
      readonly keyword: "index";
      readonly index_type: string | null;
      readonly index: string;
      readonly table: AstTable;
      readonly index_columns: readonly AstColumnRef[];
    }
  | { readonly type: "alter"; readonly table: readonly AstTable[]; readonly expr: readonly AstAlteration[] };
