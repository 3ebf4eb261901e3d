import { brokenRule } from "./column-check.ts";
import type { CacheDefinition, ColumnDefinition, TableDefinition } from "./table.ts";
import { keyColumns, PRIMARY_KEY } from "./table-key.ts";

interface CachedKey {
  readonly prefix: string;
  readonly columns: readonly ColumnDefinition[];
}

/** The keys of a table's entries in the cache, as goctl's models write them. */
export class CacheKeys {
  readonly #primary: string;
  readonly #keys: ReadonlyMap<string, CachedKey>;

  constructor(table: TableDefinition, cache: CacheDefinition) {
    this.#primary = table.primaryKey;
    const keys: [string, CachedKey][] = [];
    for (const [name, columns] of keyColumns(table)) {
      const prefix = cache.prefixes[name];
      if (prefix !== undefined) keys.push([name, { prefix, columns }]);
    }
    this.#keys = new Map(keys);
  }

  get prefixes(): string[] {
    return [...this.#keys.values()].map(({ prefix }) => prefix);
  }

  /** The entry of a row by a key of its table; undefined where no row can have these values or none is cached. */
  of(key: string, values: object): string | undefined {
    const cached = this.#keys.get(key);
    if (cached === undefined) return undefined;
    const parts = cached.columns.map((column) => {
      const value: unknown = Reflect.get(values, column.property);
      return value === undefined || value === null || brokenRule(column, value) !== undefined
        ? undefined
        : String(value);
    });
    return parts.includes(undefined) ? undefined : cached.prefix + parts.join(":");
  }

  ofId(id: number): string | undefined {
    return this.of(PRIMARY_KEY, { [this.#primary]: id });
  }

  /** Every entry that may hold something about a row with these values. */
  all(values: object): string[] {
    return [...this.#keys.keys()].flatMap((key) => this.of(key, values) ?? []);
  }

  /** The properties that the unique keys are made of. */
  get uniqueProperties(): string[] {
    const unique = [...this.#keys].filter(([name]) => name !== PRIMARY_KEY);
    return [...new Set(unique.flatMap(([, { columns }]) => columns.map(({ property }) => property)))];
  }
}
