import type { Cache } from "@mall/kit/cache";
import type { Database, RowTransaction, Transaction } from "../database.ts";
import { DuplicateKeyError } from "../store-errors.ts";
import type { StoredTable } from "../stored-table.ts";
import type { CacheDefinition, RowId, TableDefinition } from "../table.ts";
import type { ChangeOptions, Decrease, SelectOf, TableModel, UpdateOf } from "../table-model.ts";
import { CacheKeys } from "./keys.ts";

export interface CachedTableOptions<
  Row extends object,
  NewRow extends object,
  Columns,
  Id extends RowId = number,
> {
  readonly stored: StoredTable<Row, NewRow, Columns, Id>;
  readonly database: Database;
  readonly table: TableDefinition;
  readonly cache: Cache;
  /** Unique keys whose entries hold the whole row. */
  readonly rowsUnder?: readonly string[];
}

/**
 * A table whose rows others read through the cache: its changes remove the entries. It reads from the database alone,
 * since whoever changes rows decides by what it reads.
 */
export class CachedTable<Row extends object, NewRow extends object, Columns, Id extends RowId = number>
  implements TableModel<Row, NewRow, Columns, Id>
{
  readonly #stored: StoredTable<Row, NewRow, Columns, Id>;
  readonly #table: TableDefinition;
  readonly #cache: Cache;
  readonly #keys: CacheKeys;
  readonly #rowsUnder: readonly string[];

  constructor({ stored, table, cache, rowsUnder = [] }: CachedTableOptions<Row, NewRow, Columns, Id>) {
    this.#stored = stored;
    this.#table = table;
    this.#cache = cache;
    this.#keys = new CacheKeys(table, demandCache(table));
    this.#rowsUnder = rowsUnder;
  }

  findOne(id: Id, tx?: RowTransaction): Promise<Row | undefined> {
    return this.#stored.findOne(id, tx);
  }

  lockOne(id: Id, tx: RowTransaction): Promise<Row | undefined> {
    return this.#stored.lockOne(id, tx);
  }

  findOneBy(uniqueKey: string, values: Partial<Row>): Promise<Row | undefined> {
    return this.#stored.findOneBy(uniqueKey, values);
  }

  findAllBy(property: string, value: unknown, tx: RowTransaction): Promise<Row[]> {
    return this.#stored.findAllBy(property, value, tx);
  }

  findMany(build: (query: SelectOf<Columns>) => SelectOf<Columns>, tx?: Transaction): Promise<Row[]> {
    return this.#stored.findMany(build, tx);
  }

  /** A lookup before the insert may have left placeholders, and a lost insert may still happen. */
  async insert(row: NewRow, tx?: RowTransaction): Promise<Id> {
    let id: Id;
    try {
      id = await this.#stored.insert(row, tx);
    } catch (error) {
      await this.#cache.delete(this.#keys.all(row));
      throw error;
    }
    const inserted = await this.#withDefaults(id, row, tx);
    await this.#deleteAtEnd(this.#keys.all({ ...inserted, [this.#table.primaryKey]: id }), tx);
    return id;
  }

  /** One by one, since their entries go by their ids. */
  async insertAll(rows: readonly NewRow[], tx: RowTransaction): Promise<void> {
    for (const row of rows) await this.insert(row, tx);
  }

  update(id: Id, changes: Partial<NewRow>, options: ChangeOptions<Row> = {}): Promise<boolean> {
    const unique = this.#keys.uniqueProperties;
    const movesKeys = Object.keys(changes).some((property) => unique.includes(property));
    const change = (expect: Partial<Row>) => this.#stored.update(id, changes, { ...options, expect });
    if (!movesKeys && this.#rowsUnder.length === 0) {
      return this.#write(this.#ownKey(id), options.tx, () => change(options.expect ?? {}));
    }
    return this.#changeKnown(id, options, { changes, change });
  }

  async decrease(id: Id, decrease: Decrease<Row>, options: ChangeOptions<Row> = {}): Promise<boolean> {
    const change = (expect: Partial<Row> | undefined) =>
      this.#stored.decrease(id, decrease, { ...options, ...(expect && { expect }) });
    if (this.#rowsUnder.length === 0) {
      return this.#write(this.#ownKey(id), options.tx, () => change(options.expect));
    }
    return this.#changeKnown(id, options, { changes: {}, change });
  }

  delete(id: Id, options: ChangeOptions<Row> = {}): Promise<boolean> {
    const change = (expect: Partial<Row>) => this.#stored.delete(id, { ...options, expect });
    return this.#changeKnown(id, options, { changes: {}, change });
  }

  async updateMany(
    ids: readonly Id[],
    build: (query: UpdateOf<Columns>) => UpdateOf<Columns>,
    tx?: Transaction,
  ): Promise<number> {
    const keys = this.#rowsUnder.length === 0 ? [] : await this.#keysOf(ids, tx);
    const own = [...ids.flatMap((id) => this.#ownKey(id)), ...keys];
    const changed = await this.#write([...new Set(own)], tx, () => this.#stored.updateMany(ids, build, tx));
    // A row may have got another value in a unique key just before.
    if (this.#rowsUnder.length > 0) await this.#deleteAtEnd(await this.#keysOf(ids, tx), tx);
    return changed;
  }

  /**
   * A change of a row whose unique keys must be known. The change demands that those that were read are still its
   * own, and where they are not it is tried again. A caller who demands them has read them.
   */
  async #changeKnown(
    id: Id,
    { expect, tx }: ChangeOptions<Row>,
    { changes, change }: { changes: object; change: (expect: Partial<Row>) => Promise<boolean> },
  ): Promise<boolean> {
    if (
      expect !== undefined &&
      this.#keys.uniqueProperties.every((name) => Reflect.get(expect, name) != null)
    ) {
      return this.#write(this.#keysOfChange({ ...expect, [this.#table.primaryKey]: id }, changes), tx, () =>
        change(expect),
      );
    }
    const read = () => (tx === undefined ? this.#stored.findOne(id) : this.#stored.lockOne(id, tx));
    let row = await read();
    while (row !== undefined) {
      const held = this.#uniqueValues(row);
      const keys = this.#keysOfChange(row, changes);
      const demanded = { ...held, ...expect } as Partial<Row>;
      const ours = expect === undefined || hasValues({ ...demanded }, held);
      if (ours && (await this.#write(keys, tx, () => change(demanded)))) return true;
      const now = await read();
      if (now === undefined || hasValues(now, held)) return false;
      row = now;
    }
    return false;
  }

  /**
   * Runs a change of the rows behind these entries, which are gone before it can be committed: nobody finds an old
   * one afterwards, not even where this process dies right then. In a transaction Redis is told while the database
   * works, so that its locks are held no longer for it as a rule.
   */
  async #write<T>(
    keys: readonly string[],
    tx: RowTransaction | undefined,
    change: () => Promise<T>,
  ): Promise<T> {
    const write = this.#cache.begin(keys);
    if (tx !== undefined) {
      tx.afterEnd((end) => write.end(end !== "unknown"));
      const [changed] = await Promise.all([change(), write.begun]);
      return changed;
    }
    await write.begun;
    let known = false;
    try {
      const result = await change();
      known = true;
      return result;
    } catch (error) {
      known = error instanceof DuplicateKeyError;
      throw error;
    } finally {
      await write.end(known);
    }
  }

  async #deleteAtEnd(keys: readonly string[], tx: RowTransaction | undefined): Promise<void> {
    if (tx === undefined) await this.#cache.delete(keys);
    else tx.afterEnd(() => this.#cache.delete(keys));
  }

  /** The new row as far as its keys go: a value that was left out is the column's default. */
  async #withDefaults(id: Id, row: NewRow, tx: RowTransaction | undefined): Promise<object> {
    const given = this.#keys.uniqueProperties.every((name) => Reflect.get(row, name) !== undefined);
    return given ? row : ((await this.#stored.findOne(id, tx)) ?? row);
  }

  #keysOfChange(row: object, changes: object): string[] {
    return [...new Set([...this.#keys.all(row), ...this.#keys.all({ ...row, ...changes })])];
  }

  async #keysOf(ids: readonly Id[], tx: Transaction | undefined): Promise<string[]> {
    const rows = await Promise.all(ids.map((id) => this.#stored.findOne(id, tx)));
    return rows.flatMap((row) => (row === undefined ? [] : this.#keys.all(row)));
  }

  #uniqueValues(row: Row): Record<string, unknown> {
    return Object.fromEntries(this.#keys.uniqueProperties.map((name) => [name, Reflect.get(row, name)]));
  }

  #ownKey(id: Id): string[] {
    const key = this.#keys.ofId(id);
    return key === undefined ? [] : [key];
  }
}

/** @throws Error for a table whose contract was generated without a cache. */
export function demandCache(table: TableDefinition): CacheDefinition {
  if (table.cache !== undefined) return table.cache;
  throw new Error(`${table.name} was generated without a cache; generate it with -c`);
}

/** Whether a row has these values. */
export function hasValues(row: object, values: object): boolean {
  return Object.entries(values).every(([name, value]: [string, unknown]) => Reflect.get(row, name) === value);
}
