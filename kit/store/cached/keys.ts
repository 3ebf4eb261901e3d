import { brokenRule } from "../column-check.ts";
import type { CacheDefinition, ColumnDefinition, RowId, TableDefinition } from "../table.ts";
import { keyColumns, PRIMARY_KEY } from "../table-key.ts";

interface CachedKey {
  readonly prefix: string;
  readonly columns: readonly ColumnDefinition[];
  /** The properties that Go holds in a `sql.NullX`, which it writes into keys as `{value true}`. */
  readonly wrapped: ReadonlySet<string>;
}

/** The keys of a table's entries in the cache, as goctl's models write them. */
export class CacheKeys {
  readonly #primary: string;
  readonly #keys: ReadonlyMap<string, CachedKey>;
  /** The properties that the unique keys are made of. */
  readonly uniqueProperties: readonly string[];

  constructor(table: TableDefinition, cache: CacheDefinition) {
    this.#primary = table.primaryKey;
    const keys: [string, CachedKey][] = [];
    const wrapped = new Set(
      cache.fields.flatMap(({ property, nullStruct }) => (nullStruct === undefined ? [] : [property])),
    );
    for (const [name, columns] of keyColumns(table)) {
      const prefix = cache.prefixes[name];
      if (prefix !== undefined) keys.push([name, { prefix, columns, wrapped }]);
    }
    this.#keys = new Map(keys);
    const unique = keys.filter(([name]) => name !== PRIMARY_KEY).flatMap(([, { columns }]) => columns);
    this.uniqueProperties = [...new Set(unique.map(({ property }) => property))];
  }

  get prefixes(): string[] {
    return [...this.#keys.values()].map(({ prefix }) => prefix);
  }

  /** The entry of a row by a key of its table; undefined where no row can have these values or none is cached. */
  of(key: string, values: object): string | undefined {
    const cached = this.#keys.get(key);
    return cached && entryOf(cached, values);
  }

  ofId(id: RowId): string | undefined {
    return this.of(PRIMARY_KEY, { [this.#primary]: id });
  }

  /** Every entry that may hold something about a row with these values. */
  all(values: object): string[] {
    const entries: string[] = [];
    for (const cached of this.#keys.values()) {
      const entry = entryOf(cached, values);
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  }
}

function entryOf({ prefix, columns, wrapped }: CachedKey, values: object): string | undefined {
  let entry = prefix;
  let separator = "";
  for (const column of columns) {
    const value: unknown = Reflect.get(values, column.property);
    if (value === undefined || value === null || brokenRule(column, value) !== undefined) return undefined;
    const text = column.type === "decimal" ? String(Number(value)) : String(value);
    entry += separator + (wrapped.has(column.property) ? `{${text} true}` : text);
    separator = ":";
  }
  return entry;
}
