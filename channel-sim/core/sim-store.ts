import type { Letter } from "@mall/kit/counterpart";
import { type Database, type MigrationSet, migrateToLatest, type StatementRunner } from "@mall/kit/store";

/** A notification on its way to the merchant; signed anew for each delivery. */
export interface SimLetter extends Letter {
  readonly channel: string;
  /** The account it is signed for: app, merchant number or Stripe account. */
  readonly account: string;
  readonly outTradeNo: string;
  readonly url: string;
  /** JSON: what the channel has to say. */
  readonly message: string;
}

/** A record of one kind (`wechat.trade`) by its id; JSON, as nobody but its channel asks for what is in it. */
export interface SimRecord {
  readonly kind: string;
  readonly id: string;
  readonly value: unknown;
}

/** What changes together. */
export interface SimChanges {
  readonly records?: readonly SimRecord[];
  readonly letters?: readonly SimLetter[];
  /** Ids of letters that are over. */
  readonly ended?: readonly string[];
}

/** Where the simulator keeps what it knows. */
export interface SimStore {
  find<Value>(kind: string, id: string): Promise<Value | undefined>;
  /** All of a kind, the latest first. */
  list<Value>(kind: string): Promise<readonly Value[]>;
  letters(): Promise<readonly SimLetter[]>;
  /** Keeps all of it, or rejects and keeps none. */
  save(changes: SimChanges): Promise<void>;
}

const migrations: MigrationSet = {
  owner: "channel-sim",
  migrations: [
    {
      name: "0001-records",
      mysql: [],
      sqlite: [
        "CREATE TABLE sim_record (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (kind, id)) STRICT",
        "CREATE TABLE sim_letter (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, value TEXT NOT NULL) STRICT",
      ],
    },
  ],
};

/** Keeps records in a SQLite database of the simulator's own, whose tables are made where they are missing. */
export async function openSimStore(database: Database): Promise<SimStore> {
  await migrateToLatest(database, migrations);
  const read = async (sql: string, ...parameters: string[]): Promise<unknown[]> => {
    const rows = await database.read({ sql, parameters });
    return rows.map(({ value }) => JSON.parse(String(value)));
  };
  return {
    find: async <Value>(kind: string, id: string) => {
      const [value] = await read("SELECT value FROM sim_record WHERE kind = ? AND id = ?", kind, id);
      return value as Value | undefined;
    },
    list: async <Value>(kind: string) =>
      (await read("SELECT value FROM sim_record WHERE kind = ? ORDER BY seq DESC", kind)) as Value[],
    letters: async () => (await read("SELECT value FROM sim_letter ORDER BY seq")) as SimLetter[],
    save: (changes) => database.transaction((tx) => keep(tx, changes)),
  };
}

async function keep(
  tx: StatementRunner,
  { records = [], letters = [], ended = [] }: SimChanges,
): Promise<void> {
  for (const { kind, id, value } of records) {
    const sql =
      "INSERT INTO sim_record (kind, id, value) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET value = excluded.value";
    await tx.write({ sql, parameters: [kind, id, JSON.stringify(value)] });
  }
  for (const letter of letters) {
    const sql =
      "INSERT INTO sim_letter (id, value) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value";
    await tx.write({ sql, parameters: [letter.id, JSON.stringify(letter)] });
  }
  for (const id of ended) await tx.write({ sql: "DELETE FROM sim_letter WHERE id = ?", parameters: [id] });
}
