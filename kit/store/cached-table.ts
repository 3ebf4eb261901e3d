import { type Cache, type CacheSource, PLACEHOLDER } from "@mall/kit/cache";
import { CacheKeys } from "./cache-keys.ts";
import type { Database, Transaction } from "./database.ts";
import { GoRowCodec } from "./go-row.ts";
import { DuplicateKeyError } from "./store-errors.ts";
import type { StoredTable } from "./stored-table.ts";
import type { CacheDefinition, TableDefinition } from "./table.ts";
import type { ChangeOptions, SelectOf, TableModel, UpdateOf } from "./table-model.ts";

/** go-zero's extra life of a row that was found by a unique key, seconds: the entry that leads to it ends first. */
const EXTRA_SECONDS = 5;

export interface CachedTableOptions<Row extends object, NewRow extends object, Columns> {
  readonly stored: StoredTable<Row, NewRow, Columns>;
  readonly database: Database;
  readonly table: TableDefinition;
  readonly cache: Cache;
  /** Unique keys whose entries hold the whole row. */
  readonly rowsUnder?: readonly string[];
}

/** What the entry of a unique key leads to; the row too where it was just read. */
interface Target<Row> {
  readonly id: number;
  readonly row?: Row;
}

/**
 * A table whose rows are read through the cache. An entry of a unique key is believed only as far as it leads
 * to a row that has these values: a Go process does not remove all of them.
 */
export class CachedTable<Row extends object, NewRow extends object, Columns>
  implements TableModel<Row, NewRow, Columns>
{
  readonly #stored: StoredTable<Row, NewRow, Columns>;
  readonly #table: TableDefinition;
  readonly #cache: Cache;
  readonly #codec: GoRowCodec;
  readonly #keys: CacheKeys;
  readonly #rowsUnder: readonly string[];

  constructor({ stored, database, table, cache, rowsUnder = [] }: CachedTableOptions<Row, NewRow, Columns>) {
    this.#stored = stored;
    this.#table = table;
    this.#cache = cache;
    const definition = demandCache(table);
    this.#codec = new GoRowCodec(table, definition, database.times);
    this.#keys = new CacheKeys(table, definition);
    this.#rowsUnder = rowsUnder;
    for (const prefix of this.#keys.prefixes) cache.claim(prefix);
  }

  findOne(id: number, tx?: Transaction): Promise<Row | undefined> {
    return tx === undefined ? this.#findOne(id, 0) : this.#stored.findOne(id, tx);
  }

  lockOne(id: number, tx: Transaction): Promise<Row | undefined> {
    return this.#stored.lockOne(id, tx);
  }

  async findOneBy(uniqueKey: string, values: Partial<Row>): Promise<Row | undefined> {
    const key = this.#keys.of(uniqueKey, values);
    if (key === undefined) return this.#stored.findOneBy(uniqueKey, values);
    const target = await this.#cache.take(key, this.#targetSource(uniqueKey, values));
    if (target === undefined) return undefined;
    const row = target.row === undefined ? await this.#findOne(target.id, EXTRA_SECONDS) : { ...target.row };
    if (row !== undefined && hasValues(row, values)) return row;
    await this.#cache.drop(key);
    return this.#stored.findOneBy(uniqueKey, values);
  }

  findMany(build: (query: SelectOf<Columns>) => SelectOf<Columns>, tx?: Transaction): Promise<Row[]> {
    return this.#stored.findMany(build, tx);
  }

  /** A lookup before the insert may have left placeholders, and a lost insert may still happen. */
  async insert(row: NewRow, tx?: Transaction): Promise<number> {
    let id: number;
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

  update(id: number, changes: Partial<NewRow>, options: ChangeOptions<Row> = {}): Promise<boolean> {
    const unique = this.#keys.uniqueProperties;
    const movesKeys = Object.keys(changes).some((property) => unique.includes(property));
    const change = (expect: Partial<Row>) => this.#stored.update(id, changes, { ...options, expect });
    if (!movesKeys && this.#rowsUnder.length === 0) {
      return this.#write(this.#ownKey(id), options.tx, () => change(options.expect ?? {}));
    }
    return this.#changeKnown(id, options, { changes, change });
  }

  delete(id: number, options: ChangeOptions<Row> = {}): Promise<boolean> {
    const change = (expect: Partial<Row>) => this.#stored.delete(id, { ...options, expect });
    return this.#changeKnown(id, options, { changes: {}, change });
  }

  async updateMany(
    ids: readonly number[],
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

  async #findOne(id: number, extraSeconds: number): Promise<Row | undefined> {
    const key = this.#keys.ofId(id);
    if (key === undefined) return this.#stored.findOne(id);
    const row = await this.#cache.take<Row>(key, {
      table: this.#table.name,
      decode: (text) => this.#codec.decode(text) as Row | undefined,
      load: async () => {
        const value = await this.#stored.findOne(id);
        return { value, entry: value && this.#codec.encode(value) };
      },
      // goctl's insert removes the placeholder of id 0 in place of the new row's.
      trustsPlaceholder: false,
      extraSeconds,
    });
    // Callers that shared a read must not share the row.
    return row && { ...row };
  }

  #targetSource(uniqueKey: string, values: Partial<Row>): CacheSource<Target<Row>> {
    const holdsRow = this.#rowsUnder.includes(uniqueKey);
    return {
      table: this.#table.name,
      decode: (text) => {
        const id: unknown = holdsRow ? this.#codec.decode(text)?.[this.#table.primaryKey] : parseId(text);
        return typeof id === "number" ? { id } : undefined;
      },
      load: async () => {
        const row = await this.#stored.findOneBy(uniqueKey, values);
        // Where every insert removes it a placeholder is right, and else it would mislead a Go process.
        if (row === undefined) return { value: undefined, entry: holdsRow ? undefined : PLACEHOLDER };
        const id = idOf(row, this.#table.primaryKey);
        return { value: { id, row }, entry: holdsRow ? this.#codec.encode(row) : String(id) };
      },
      trustsPlaceholder: !holdsRow,
      extraSeconds: 0,
    };
  }

  /**
   * A change of a row whose unique keys must be known. The cached row will do: the change demands that these
   * keys are still its own, and where they are not it is tried again with what the database says.
   */
  async #changeKnown(
    id: number,
    { expect, tx }: ChangeOptions<Row>,
    { changes, change }: { changes: object; change: (expect: Partial<Row>) => Promise<boolean> },
  ): Promise<boolean> {
    let row = tx === undefined ? await this.#findOne(id, 0) : await this.#stored.lockOne(id, tx);
    while (row !== undefined) {
      const held = this.#uniqueValues(row);
      const keys = new Set([...this.#keys.all(row), ...this.#keys.all({ ...row, ...changes })]);
      const demanded = { ...held, ...expect } as Partial<Row>;
      const ours = expect === undefined || hasValues({ ...demanded }, held);
      if (ours && (await this.#write([...keys], tx, () => change(demanded)))) return true;
      const now = tx === undefined ? await this.#stored.findOne(id) : await this.#stored.lockOne(id, tx);
      if (now === undefined || hasValues(now, held)) return false;
      row = now;
    }
    return false;
  }

  /** Runs a change of the rows behind these entries. */
  async #write<T>(
    keys: readonly string[],
    tx: Transaction | undefined,
    change: () => Promise<T>,
  ): Promise<T> {
    const write = this.#cache.begin(keys);
    if (tx !== undefined) {
      // No transaction waits for Redis. What is sent now arrives before what its end sends.
      tx.afterEnd((end) => write.end(end !== "unknown"));
      return change();
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

  async #deleteAtEnd(keys: readonly string[], tx: Transaction | undefined): Promise<void> {
    if (tx === undefined) await this.#cache.delete(keys);
    else tx.afterEnd(() => this.#cache.delete(keys));
  }

  /** The new row as far as its keys go: a value that was left out is the column's default. */
  async #withDefaults(id: number, row: NewRow, tx: Transaction | undefined): Promise<object> {
    const given = this.#keys.uniqueProperties.every((name) => Reflect.get(row, name) !== undefined);
    return given ? row : ((await this.#stored.findOne(id, tx)) ?? row);
  }

  async #keysOf(ids: readonly number[], tx: Transaction | undefined): Promise<string[]> {
    const rows = await Promise.all(ids.map((id) => this.#stored.findOne(id, tx)));
    return rows.flatMap((row) => (row === undefined ? [] : this.#keys.all(row)));
  }

  #uniqueValues(row: Row): Record<string, unknown> {
    return Object.fromEntries(this.#keys.uniqueProperties.map((name) => [name, Reflect.get(row, name)]));
  }

  #ownKey(id: number): string[] {
    const key = this.#keys.ofId(id);
    return key === undefined ? [] : [key];
  }
}

function demandCache(table: TableDefinition): CacheDefinition {
  if (table.cache !== undefined) return table.cache;
  throw new Error(`${table.name} was generated without a cache; generate it with -c`);
}

function hasValues(row: object, values: object): boolean {
  return Object.entries(values).every(([name, value]: [string, unknown]) => Reflect.get(row, name) === value);
}

function idOf(row: object, primaryKey: string): number {
  const id: unknown = Reflect.get(row, primaryKey);
  if (typeof id !== "number") throw new Error("a row without its id");
  return id;
}

/** The entry of a unique key in goctl's form: the primary key alone. */
function parseId(text: string): number | undefined {
  return /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}
