import type {
  Assignment,
  Control,
  Expression,
  Insert,
  OrderItem,
  Select,
  SelectItem,
  Source,
  SqlStatement,
} from "./ast.ts";
import { ExpressionParser } from "./parse-expression.ts";
import { TokenReader } from "./token-reader.ts";

/** What ends the name of a table: what comes next is no alias of it. */
const AFTER_TABLE = [
  "WHERE",
  "GROUP",
  "ORDER",
  "LIMIT",
  "FOR",
  "UNION",
  "LEFT",
  "INNER",
  "JOIN",
  "ON",
  "SET",
];

/**
 * Reads one statement.
 *
 * @throws UnsupportedSql for a word that the simulated server has no meaning for.
 */
export function parseStatement(sql: string, ansi: boolean): SqlStatement {
  const tokens = new TokenReader(sql, ansi);
  const statement = new StatementParser(tokens).read();
  tokens.end();
  return statement;
}

class StatementParser {
  readonly #tokens: TokenReader;
  readonly #expression: () => Expression;

  constructor(tokens: TokenReader) {
    this.#tokens = tokens;
    this.#expression = new ExpressionParser(tokens, () => this.#select()).read;
  }

  read(): SqlStatement {
    const tokens = this.#tokens;
    if (tokens.is("SELECT")) return this.#query();
    if (tokens.skip("INSERT")) return this.#insert();
    if (tokens.skip("UPDATE")) return this.#update();
    if (tokens.skip("DELETE", "FROM")) {
      return { kind: "delete", table: tokens.name(), where: this.#where() };
    }
    if (tokens.skip("SHOW", "VARIABLES", "WHERE", "VARIABLE_NAME", "IN")) {
      return { kind: "show", names: tokens.enclosed(() => tokens.text()) };
    }
    return this.#control();
  }

  #query(): SqlStatement {
    const selects = [this.#select()];
    while (this.#tokens.skip("UNION", "ALL")) selects.push(this.#select());
    const [only] = selects;
    return selects.length === 1 && only !== undefined ? only : { kind: "union", selects };
  }

  #select(): Select {
    const tokens = this.#tokens;
    tokens.expect("SELECT");
    const items = tokens.list(() => this.#item());
    const from = tokens.skip("FROM") ? this.#from() : [];
    const where = this.#where();
    const groupBy = tokens.skip("GROUP", "BY") ? tokens.list(this.#expression) : [];
    const orderBy = tokens.skip("ORDER", "BY") ? tokens.list(() => this.#order()) : [];
    const limit = tokens.skip("LIMIT") ? this.#expression() : undefined;
    const offset = tokens.skip("OFFSET") ? this.#expression() : undefined;
    const rows = { where, groupBy, orderBy, limit, offset };
    return { kind: "select", items, from, ...rows, lock: this.#lock() };
  }

  #item(): SelectItem {
    if (this.#tokens.skip("*")) return { expression: undefined, alias: undefined };
    const expression = this.#expression();
    return { expression, alias: this.#tokens.skip("AS") ? this.#tokens.name() : undefined };
  }

  #from(): Source[] {
    const tokens = this.#tokens;
    const sources: Source[] = [{ ...this.#table(), on: undefined, isOuter: false }];
    for (;;) {
      const isOuter = tokens.skip("LEFT", "JOIN");
      if (!isOuter && !tokens.skip("INNER", "JOIN") && !tokens.skip("JOIN")) return sources;
      const table = this.#table();
      tokens.expect("ON");
      sources.push({ ...table, on: this.#expression(), isOuter });
    }
  }

  #table(): { table: string; alias: string } {
    const tokens = this.#tokens;
    const table = tokens.name();
    const { kind, text } = tokens.peek();
    const hasAlias =
      tokens.skip("AS") || kind === "name" || (kind === "word" && !AFTER_TABLE.includes(text.toUpperCase()));
    return { table, alias: hasAlias ? tokens.name() : table };
  }

  #where(): Expression | undefined {
    return this.#tokens.skip("WHERE") ? this.#expression() : undefined;
  }

  #order(): OrderItem {
    const expression = this.#expression();
    const descending = this.#tokens.skip("DESC");
    if (!descending) this.#tokens.skip("ASC");
    return { expression, descending };
  }

  #lock(): Select["lock"] {
    if (!this.#tokens.skip("FOR", "UPDATE")) return "none";
    return this.#tokens.skip("SKIP", "LOCKED") ? "skip" : "wait";
  }

  #insert(): Insert {
    const tokens = this.#tokens;
    const ignores = tokens.skip("IGNORE");
    tokens.expect("INTO");
    const table = tokens.name();
    const columns = tokens.skip("(", ")") ? [] : tokens.enclosed(() => tokens.name());
    tokens.expect("VALUES");
    const value = () => (tokens.skip("DEFAULT") ? undefined : this.#expression());
    const rows = tokens.list(() => (tokens.skip("(", ")") ? [] : tokens.enclosed(value)));
    const returning = tokens.skip("RETURNING") ? tokens.list(() => tokens.name()) : undefined;
    return { kind: "insert", table, ignores, columns, rows, returning };
  }

  #update(): SqlStatement {
    const tokens = this.#tokens;
    const table = tokens.name();
    tokens.expect("SET");
    const sets = tokens.list((): Assignment => {
      const column = tokens.name();
      tokens.expect("=");
      return { column, value: this.#expression() };
    });
    return { kind: "update", table, sets, where: this.#where() };
  }

  #control(): Control {
    const tokens = this.#tokens;
    if (tokens.skip("BEGIN")) return { kind: "begin", snapshot: false, readOnly: false };
    if (tokens.skip("START", "TRANSACTION")) return this.#start();
    if (tokens.skip("COMMIT")) return { kind: "commit" };
    if (tokens.skip("ROLLBACK")) return { kind: "rollback" };
    tokens.expect("SET");
    if (tokens.skip("TRANSACTION")) return this.#isolation("next");
    if (tokens.skip("SESSION", "TRANSACTION")) return this.#isolation("session");
    const variables = tokens.list((): [string, Expression] => {
      tokens.skip("SESSION");
      const name = tokens.name().toLowerCase();
      tokens.expect("=");
      return [name, this.#expression()];
    });
    return { kind: "set", variables: new Map(variables) };
  }

  #start(): Control {
    const tokens = this.#tokens;
    const isEnd = tokens.peek().kind === "end";
    const options = isEnd
      ? []
      : tokens.list(() => {
          if (tokens.skip("WITH", "CONSISTENT", "SNAPSHOT")) return "snapshot";
          tokens.expect("READ", "ONLY");
          return "readOnly";
        });
    return { kind: "begin", snapshot: options.includes("snapshot"), readOnly: options.includes("readOnly") };
  }

  #isolation(scope: "next" | "session"): Control {
    const tokens = this.#tokens;
    tokens.expect("ISOLATION", "LEVEL");
    if (tokens.skip("READ", "COMMITTED")) return { kind: "isolation", level: "read committed", scope };
    tokens.expect("REPEATABLE", "READ");
    return { kind: "isolation", level: "repeatable read", scope };
  }
}
