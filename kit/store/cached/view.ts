import { type Cache, type CacheSource, PLACEHOLDER } from "@mall/kit/cache";
import type { StoredTable } from "../stored-table.ts";
import type { RowId, TableDefinition } from "../table.ts";
import type { RowView } from "../table-model.ts";
import { GoRowCodec, goString } from "./go-row.ts";
import { CacheKeys } from "./keys.ts";
import { type CachedTableOptions, demandCache, hasValues } from "./table.ts";

/** go-zero's extra life of a row that was found by a unique key, seconds: the entry that leads to it ends first. */
const EXTRA_SECONDS = 5;

/** What the entry of a unique key leads to; the row too where it was just read. */
interface Target<Row, Id> {
  readonly id: Id;
  readonly row?: Row;
}

/**
 * Rows read through the cache. An entry of a unique key is believed only as far as it leads to a row that has these
 * values: a Go process does not remove all of them.
 */
export class CachedView<Row extends object, NewRow extends object, Columns, Id extends RowId = number>
  implements RowView<Row, Id>
{
  readonly #stored: StoredTable<Row, NewRow, Columns, Id>;
  readonly #table: TableDefinition;
  readonly #cache: Cache;
  readonly #codec: GoRowCodec;
  readonly #keys: CacheKeys;
  readonly #rowsUnder: readonly string[];
  readonly #hasTextId: boolean;

  constructor({
    stored,
    database,
    table,
    cache,
    rowsUnder = [],
  }: CachedTableOptions<Row, NewRow, Columns, Id>) {
    this.#stored = stored;
    this.#table = table;
    this.#cache = cache;
    const definition = demandCache(table);
    this.#codec = new GoRowCodec(table, definition, database.zoneTimes);
    this.#keys = new CacheKeys(table, definition);
    this.#rowsUnder = rowsUnder;
    this.#hasTextId = table.columns.some(
      ({ property, type }) => property === table.primaryKey && type === "text",
    );
    for (const prefix of this.#keys.prefixes) cache.claim(prefix);
  }

  findOne(id: Id): Promise<Row | undefined> {
    return this.#findOne(id, 0);
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

  async #findOne(id: Id, extraSeconds: number): Promise<Row | undefined> {
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

  #targetSource(uniqueKey: string, values: Partial<Row>): CacheSource<Target<Row, Id>> {
    const holdsRow = this.#rowsUnder.includes(uniqueKey);
    return {
      table: this.#table.name,
      decode: (text) => {
        const id = holdsRow ? this.#codec.decode(text)?.[this.#table.primaryKey] : this.#parseId(text);
        // Both are of the type that the contract gives the column.
        return id === undefined ? undefined : { id: id as Id };
      },
      load: async () => {
        const row = await this.#stored.findOneBy(uniqueKey, values);
        // Where every insert removes it a placeholder is right, and else it would mislead a Go process.
        if (row === undefined) return { value: undefined, entry: holdsRow ? undefined : PLACEHOLDER };
        const id = Reflect.get(row, this.#table.primaryKey) as Id;
        return { value: { id, row }, entry: holdsRow ? this.#codec.encode(row) : idText(id) };
      },
      trustsPlaceholder: !holdsRow,
      extraSeconds: 0,
    };
  }

  #parseId(text: string): RowId | undefined {
    if (!this.#hasTextId) return /^\d{1,16}$/.test(text) ? Number(text) : undefined;
    return parseText(text);
  }
}

function parseText(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The entry of a unique key in goctl's form: the primary key alone, as JSON. */
function idText(id: RowId): string {
  return typeof id === "number" ? String(id) : goString(id);
}
