import { pause } from "@mall/kit/async";
import { AppError } from "@mall/kit/errors";
import type { Runtime, Timer } from "@mall/kit/runtime";
import type { StatementRunner } from "../statement.ts";

/** How often the holder shows that it lives, milliseconds. */
const BEAT_MS = 500;
/** Others look so often, milliseconds. */
const LOOK_MS = 250;
/**
 * A holder that showed no progress in so many looks is presumed dead. Looks and not time: one that a server answers late,
 * since it is busy with the holder's own change of the schema, is one look however long it takes.
 */
const LOOKS_MAX = 20;

const CREATE_TABLE =
  "CREATE TABLE IF NOT EXISTS migration_claim (owner varchar(64) NOT NULL PRIMARY KEY, " +
  "holder varchar(64) NOT NULL COMMENT 'the process that migrates; empty: nobody', " +
  "beat bigint unsigned NOT NULL COMMENT 'counts on while the holder lives') ENGINE=InnoDB";

interface ClaimRow {
  readonly holder: string;
  readonly beat: number;
}

interface ClaimedDatabase extends StatementRunner {
  readonly runtime: Runtime;
}

/**
 * The right to migrate the tables of one owner: a row, taken by a compare-and-set, since a server's own locks hold on
 * one node of a cluster only. No clocks are compared: a holder counts, and who waits sees whether it does.
 */
export class MigrationClaim {
  readonly #database: ClaimedDatabase;
  readonly #owner: string;
  readonly #holder: string;
  #timer: Timer | undefined;
  #isGivenBack = false;

  constructor(database: ClaimedDatabase, owner: string) {
    this.#database = database;
    this.#owner = owner;
    this.#holder = Buffer.from(database.runtime.randomBytes(8)).toString("hex");
  }

  /** Waits for whoever holds it; from a holder that died it is taken over. Errors as in StatementRunner. */
  async take(): Promise<void> {
    await this.#database.write({ sql: CREATE_TABLE, parameters: [] });
    const insert = "INSERT IGNORE INTO migration_claim (owner, holder, beat) VALUES (?, '', 0)";
    await this.#database.write({ sql: insert, parameters: [this.#owner] });
    let seen: ClaimRow | undefined;
    for (let looks = 0; ; looks += 1) {
      const row = await this.#read();
      if (row.holder !== seen?.holder || row.beat !== seen.beat) looks = 0;
      seen = row;
      if ((row.holder === "" || looks >= LOOKS_MAX) && (await this.#replace(row))) break;
      await pause(this.#database.runtime, LOOK_MS);
    }
    this.#beatLater();
  }

  /** @throws AppError ABORTED MIGRATION_TAKEN_OVER where another process took this one for dead. */
  async assertHeld(): Promise<void> {
    if (await this.#beat()) return;
    const text = `another process has taken the migration of ${this.#owner} over, as this one stood still: start again`;
    throw new AppError("ABORTED", "MIGRATION_TAKEN_OVER", text);
  }

  /** Never rejects: what is not given back is taken over. */
  async giveBack(): Promise<void> {
    this.#isGivenBack = true;
    this.#timer?.clear();
    const sql = "UPDATE migration_claim SET holder = '' WHERE owner = ? AND holder = ?";
    await this.#database.write({ sql, parameters: [this.#owner, this.#holder] }).catch(() => {});
  }

  async #read(): Promise<ClaimRow> {
    const sql = "SELECT holder, beat FROM migration_claim WHERE owner = ?";
    const [row] = await this.#database.read({ sql, parameters: [this.#owner] });
    return { holder: String(row?.holder ?? ""), beat: Number(row?.beat ?? 0) };
  }

  async #replace({ holder, beat }: ClaimRow): Promise<boolean> {
    const sql =
      "UPDATE migration_claim SET holder = ?, beat = beat + 1 WHERE owner = ? AND holder = ? AND beat = ?";
    const parameters = [this.#holder, this.#owner, holder, beat];
    return (await this.#database.write({ sql, parameters })).changes > 0;
  }

  async #beat(): Promise<boolean> {
    const sql = "UPDATE migration_claim SET beat = beat + 1 WHERE owner = ? AND holder = ?";
    return (await this.#database.write({ sql, parameters: [this.#owner, this.#holder] })).changes > 0;
  }

  #beatLater(): void {
    if (this.#isGivenBack) return;
    this.#timer = this.#database.runtime.setTimer(() => void this.#beatAndAgain(), BEAT_MS);
  }

  /** Whether it still holds is asked before each step; a step that goes on must not be cut short. */
  async #beatAndAgain(): Promise<void> {
    await this.#beat().catch(() => {});
    this.#beatLater();
  }
}
