import type { Dialect, SqlValue, Statement } from "./statement.ts";
import type { ColumnDefinition, TableDefinition } from "./table.ts";

/** A column with the value to set or to compare. */
export interface ColumnValue {
  readonly column: ColumnDefinition;
  readonly value: SqlValue;
}

/** The change of one row. */
export interface RowChange {
  readonly changes: readonly ColumnValue[];
  /** What the row must hold; the first is its primary key. */
  readonly where: readonly ColumnValue[];
}

/** An amount that is taken off a row's column, if so much is there. */
export interface RowDecrease {
  readonly column: ColumnDefinition;
  /** Whole and positive. */
  readonly amount: number;
  /** What else the row gets, whoever decreases it: of several the last one's. */
  readonly changes: readonly ColumnValue[];
  /** What the row must hold beside the amount; the first is its primary key. */
  readonly where: readonly ColumnValue[];
}

/** The SQL of one table, put together from parts that are quoted once. */
export class TableSql {
  readonly name: string;
  readonly primary: ColumnDefinition;
  /** The columns an insert sets, in the order of its values. */
  readonly insertColumns: readonly ColumnDefinition[];
  readonly #dialect: Dialect;
  /** Where inserts bring the primary key; -1 where the database gives it. */
  readonly #primaryIndex: number;
  readonly #quoted = new Map<string, string>();
  readonly #select: string;
  /** SQLite's inserts by which of the columns they set. */
  readonly #inserts = new Map<string, string>();

  /** @throws Error if the definition's primary key is none of its columns. */
  constructor(table: TableDefinition, dialect: Dialect) {
    this.#dialect = dialect;
    this.name = this.quote(table.name);
    const primary = table.columns.find(({ property }) => property === table.primaryKey);
    if (primary === undefined) throw new Error(`table ${table.name} has no column ${table.primaryKey}`);
    this.primary = primary;
    this.insertColumns = table.columns.filter(({ managed }) => managed !== "id");
    this.#primaryIndex = this.insertColumns.indexOf(primary);
    this.#select = `SELECT ${table.columns.map(({ name }) => this.quote(name)).join(", ")} FROM ${this.name}`;
  }

  quote(name: string): string {
    let quoted = this.#quoted.get(name);
    if (quoted === undefined) {
      quoted =
        this.#dialect === "mysql" ? `\`${name.replaceAll("`", "``")}\`` : `"${name.replaceAll('"', '""')}"`;
      this.#quoted.set(name, quoted);
    }
    return quoted;
  }

  /** The primary key that the values of an insert bring; undefined where the database gives it. */
  idOf(values: readonly (SqlValue | undefined)[]): SqlValue | undefined {
    return values[this.#primaryIndex];
  }

  /** Selects the row with these values in the columns of a key; `locks` it for the transaction. */
  selectOne(columns: readonly ColumnDefinition[], locks = false): string {
    const conditions = columns.map(({ name }) => `${this.quote(name)} = ?`).join(" AND ");
    // SQLite has one writer at a time, and no words for this.
    return `${this.#select} WHERE ${conditions}${locks && this.#dialect === "mysql" ? " FOR UPDATE" : ""}`;
  }

  /** Selects the rows of `count` keys at once; `locks` them for the transaction. */
  selectMany(columns: readonly ColumnDefinition[], count: number, locks = false): string {
    const names = columns.map(({ name }) => this.quote(name)).join(", ");
    const one = columns.length === 1 ? "?" : `(${columns.map(() => "?").join(", ")})`;
    const keys = new Array<string>(count).fill(one).join(", ");
    const where = `${columns.length === 1 ? names : `(${names})`} IN (${keys})`;
    return `${this.#select} WHERE ${where}${locks ? " FOR UPDATE" : ""}`;
  }

  /** Inserts rows in one statement (more than one row: MySQL only); undefined is the column's default. */
  insert(rows: readonly (readonly (SqlValue | undefined)[])[]): Statement {
    return this.#dialect === "mysql" ? this.#insertMysql(rows) : this.#insertSqlite(rows[0] ?? []);
  }

  /** Inserts rows in as few statements as the dialect knows. */
  insertAll(rows: readonly (readonly (SqlValue | undefined)[])[]): Statement[] {
    if (rows.length === 0) return [];
    return this.#dialect === "mysql" ? [this.#insertMysql(rows)] : rows.map((row) => this.#insertSqlite(row));
  }

  /** As insert, telling the ids in the order of the rows; MariaDB only. */
  insertReturningIds(rows: readonly (readonly (SqlValue | undefined)[])[]): Statement {
    const { sql, parameters } = this.#insertMysql(rows);
    return { sql: `${sql} RETURNING ${this.quote(this.primary.name)}`, parameters };
  }

  update(changes: readonly ColumnValue[], where: readonly ColumnValue[]): Statement {
    const sets = changes.map(({ column }) => `${this.quote(column.name)} = ?`).join(", ");
    const parameters = [...changes.map(({ value }) => value), ...comparedValues(where)];
    return { sql: `UPDATE ${this.name} SET ${sets}${this.#where(where)}`, parameters };
  }

  /**
   * Changes rows that are each expected, and each become, what is said of it, in one statement: of one that is not as
   * expected nothing changes. All name the same columns, the primary key first; MySQL only.
   */
  updateEach(all: readonly RowChange[]): Statement {
    const parameters: SqlValue[] = [];
    const sets = this.#setEach(all, parameters);
    const ids = all.map(({ where }) => where[0]?.value ?? null);
    parameters.push(...ids);
    const rows = `${this.quote(this.primary.name)} IN (${ids.map(() => "?").join(", ")})`;
    const expected = this.#expectEach(all, parameters);
    return { sql: `UPDATE ${this.name} SET ${sets} WHERE ${[rows, ...expected].join(" AND ")}`, parameters };
  }

  /**
   * Takes amounts off rows that each hold so much, in one statement: of one that does not nothing changes. All name
   * the same columns and expect the same beside their primary keys, which differ; more than one row: MySQL only.
   */
  decreaseEach(all: readonly RowDecrease[]): Statement {
    const [first] = all;
    if (first === undefined) throw new TypeError("there is nothing to decrease");
    const column = this.quote(first.column.name);
    const primary = this.quote(this.primary.name);
    const keys = all.map(({ where }) => where[0]?.value ?? null);
    const isOne = all.every(({ amount }) => amount === first.amount);
    const amount = isOne ? "?" : `CASE ${primary}${all.map(() => " WHEN ? THEN ?").join("")} END`;
    const amounts = isOne ? [first.amount] : all.flatMap((each, index) => [keys[index] ?? null, each.amount]);
    const changes = all.at(-1)?.changes ?? [];
    const sets = changes.map((change) => `, ${this.quote(change.column.name)} = ?`).join("");
    const expected = first.where.slice(1);
    const conditions = [
      keys.length === 1 ? `${primary} = ?` : `${primary} IN (${keys.map(() => "?").join(", ")})`,
      ...expected.map((condition) => this.#equals(condition)),
      `${column} >= ${amount}`,
    ];
    return {
      sql: `UPDATE ${this.name} SET ${column} = ${column} - ${amount}${sets} WHERE ${conditions.join(" AND ")}`,
      parameters: [
        ...amounts,
        ...changes.map(({ value }) => value),
        ...keys,
        ...comparedValues(expected),
        ...amounts,
      ],
    };
  }

  delete(where: readonly ColumnValue[]): Statement {
    return { sql: `DELETE FROM ${this.name}${this.#where(where)}`, parameters: comparedValues(where) };
  }

  /** What is the same for all is said once. */
  #setEach(all: readonly RowChange[], parameters: SqlValue[]): string {
    const [first] = all;
    const sets = (first?.changes ?? []).map(({ column, value }, index) => {
      const name = this.quote(column.name);
      if (all.every(({ changes }) => changes[index]?.value === value)) {
        parameters.push(value);
        return `${name} = ?`;
      }
      const cases = all.map(({ changes, where }) => {
        parameters.push(where[0]?.value ?? null, changes[index]?.value ?? null);
        return ` WHEN ${this.quote(this.primary.name)} = ? THEN ?`;
      });
      return `${name} = CASE${cases.join("")} END`;
    });
    return sets.join(", ");
  }

  #expectEach(all: readonly RowChange[], parameters: SqlValue[]): string[] {
    const [first] = all;
    const isSame = (index: number, { value }: ColumnValue): boolean =>
      all.every(({ where }) => where[index]?.value === value);
    const own = (first?.where ?? []).map((condition, index) => index === 0 || !isSame(index, condition));
    const common = (first?.where ?? []).filter((_, index) => own[index] !== true);
    const conditions = common.map((condition) => this.#equals(condition));
    parameters.push(...comparedValues(common));
    if (own.filter(Boolean).length > 1) {
      const each = all.map(({ where }) => {
        const mine = where.filter((_, index) => own[index]);
        parameters.push(...comparedValues(mine));
        return `(${mine.map((condition) => this.#equals(condition)).join(" AND ")})`;
      });
      conditions.push(`(${each.join(" OR ")})`);
    }
    return conditions;
  }

  #insertMysql(rows: readonly (readonly (SqlValue | undefined)[])[]): Statement {
    const parameters: SqlValue[] = [];
    const tuples = rows.map((row) => {
      const cells = row.map((value) => {
        if (value === undefined) return "DEFAULT";
        parameters.push(value);
        return "?";
      });
      return `(${cells.join(", ")})`;
    });
    const names = this.insertColumns.map(({ name }) => this.quote(name)).join(", ");
    return { sql: `INSERT INTO ${this.name} (${names}) VALUES ${tuples.join(", ")}`, parameters };
  }

  /** SQLite has no DEFAULT among values: such columns are left out; a null id is given by the database. */
  #insertSqlite(row: readonly (SqlValue | undefined)[]): Statement {
    const parameters: SqlValue[] = [];
    let set = "";
    for (const value of row) {
      set += value === undefined ? "-" : "+";
      if (value !== undefined) parameters.push(value);
    }
    let sql = this.#inserts.get(set);
    if (sql === undefined) {
      sql = this.#insertOf(this.insertColumns.filter((_, index) => set[index] === "+"));
      this.#inserts.set(set, sql);
    }
    return { sql, parameters };
  }

  #insertOf(columns: readonly ColumnDefinition[]): string {
    if (columns.length === 0) return `INSERT INTO ${this.name} DEFAULT VALUES`;
    const names = columns.map(({ name }) => this.quote(name)).join(", ");
    const marks = columns.map(() => "?").join(", ");
    return `INSERT INTO ${this.name} (${names}) VALUES (${marks})`;
  }

  #where(conditions: readonly ColumnValue[]): string {
    const [id, ...others] = conditions;
    if (id === undefined) return "";
    const first = id.column === this.primary ? `${this.quote(id.column.name)} = ?` : this.#equals(id);
    return ` WHERE ${[first, ...others.map((condition) => this.#equals(condition))].join(" AND ")}`;
  }

  /** MySQL's collations take 'a' for 'A '; a compare-and-set must not. */
  #equals({ column, value }: ColumnValue): string {
    const name = this.quote(column.name);
    if (value === null) return `${name} IS NULL`;
    if (this.#dialect === "mysql" && column.type === "text") {
      return `CAST(CONVERT(${name} USING utf8mb4) AS BINARY) = CAST(? AS BINARY)`;
    }
    return `${name} = ?`;
  }
}

function comparedValues(conditions: readonly ColumnValue[]): SqlValue[] {
  return conditions.map(({ value }) => value).filter((value) => value !== null);
}
