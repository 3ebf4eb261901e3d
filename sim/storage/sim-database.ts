import { AppError } from "@mall/kit/errors";
import { noopObserver } from "@mall/kit/observe";
import {
  type RawRow,
  SqliteDatabase,
  type Statement,
  type TableDefinition,
  type TableStore,
  type Transaction,
  type WriteResult,
} from "@mall/kit/store";
import type { LentFile } from "./lent-file.ts";
import { runInTransaction } from "./open-transaction.ts";
import { SimTransaction } from "./sim-transaction.ts";
import type { StorageHost } from "./storage-host.ts";

/**
 * The real SQLite database of one life of a process. Around every statement others get their turn and the process
 * may die; and as with a server over a network, the answer to a write may be lost, whether or not it took place.
 */
export class SimDatabase extends SqliteDatabase {
  readonly #host: StorageHost;

  constructor(file: LentFile, host: StorageHost) {
    super(file, host.runtime, noopObserver);
    this.#host = host;
  }

  override async read(statement: Statement): Promise<readonly RawRow[]> {
    await this.#host.turn(() => `reads ${textOf(statement)}`);
    return super.read(statement);
  }

  override write(statement: Statement): Promise<WriteResult> {
    return this.#losing(
      () => `writes ${textOf(statement)}`,
      () => super.write(statement),
    );
  }

  override async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    await this.#host.turn(() => "begins");
    const outcome = { isLost: false };
    const result = await super.transaction(async (tx) => {
      outcome.isLost = false;
      const inner = new SimTransaction(tx, { host: this.#host, times: this.times, outcome });
      const done = await runInTransaction(() => work(inner));
      await this.#host.turn(() => "commits");
      if (this.#host.strikes("writeLost")) {
        outcome.isLost = true;
        throw connectionLost();
      }
      outcome.isLost = this.#host.strikes("writeAnswerLost");
      return done;
    });
    await this.#host.turn(() => (outcome.isLost ? "has committed, and is not told" : "has committed"));
    if (outcome.isLost) throw connectionLost();
    return result;
  }

  override openTable(table: TableDefinition): TableStore {
    const store = super.openTable(table);
    return {
      insert: (values) => store.insert(values),
      find: async (key, values) => {
        await this.#host.turn(() => `finds ${table.name} by ${key} ${values.join()}`);
        return store.find(key, values);
      },
    };
  }

  async #losing<T>(what: () => string, write: () => Promise<T>): Promise<T> {
    await this.#host.turn(what);
    if (this.#host.strikes("writeLost")) throw connectionLost();
    const result = await write();
    const isLost = this.#host.strikes("writeAnswerLost");
    await this.#host.turn(() => (isLost ? "has written, and is not told" : "has written"));
    if (isLost) throw connectionLost();
    return result;
  }
}

/** As the store says it of a connection to a server that broke. */
function connectionLost(): AppError {
  return new AppError("UNAVAILABLE", "DATABASE_UNAVAILABLE", "the database is not available");
}

function textOf({ sql, parameters }: Statement): string {
  return `${sql} [${parameters.join()}]`;
}
