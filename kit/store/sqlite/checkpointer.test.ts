import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as sqlite from "node:sqlite";
import { describe, it } from "node:test";
import * as workers from "node:worker_threads";
import { noopObserver } from "@mall/kit/observe";
import { systemRuntime } from "@mall/kit/runtime";
import { createTestFolder, until } from "@mall/kit/testing";
import { openDatabase } from "../index.ts";
import { checkpointThread } from "./checkpoint-thread.ts";
import { CHECKPOINT_PAGES, Checkpointer } from "./checkpointer.ts";
import { SqliteConnection } from "./connection.ts";

/** Of a row that takes ten pages. */
const ROW = Buffer.alloc(40_000, 7);
const ROW_PAGES = 10;
/** So many rows make more log than a thread lets be. */
const ROWS = Math.ceil((1.5 * CHECKPOINT_PAGES) / ROW_PAGES);

const { DatabaseSync } = sqlite;

/** Its disk is full when the first statement is to run. */
class OnceFull extends DatabaseSync {
  override prepare(sql: string): sqlite.StatementSync {
    const statement = super.prepare(sql);
    const all = statement.all.bind(statement);
    let isFull = true;
    return Object.assign(statement, {
      all: () => {
        if (!isFull) return all();
        isFull = false;
        throw new Error("database or disk is full");
      },
    });
  }
}

const CREATE = "CREATE TABLE piece (id INTEGER PRIMARY KEY, content BLOB NOT NULL)";
const INSERT = "INSERT INTO piece (content) VALUES (?)";

interface Log {
  readonly log: number;
  readonly checkpointed: number;
}

/** What somebody else sees of a file's log. */
function logOf(path: string): Log {
  const other = new DatabaseSync(path);
  const row = other.prepare("PRAGMA wal_checkpoint = NOOP").get();
  other.close();
  return { log: Number(row?.log), checkpointed: Number(row?.checkpointed) };
}

describe("the thread that copies a SQLite file's log", () => {
  it("copies it while the writer goes on, and has left when the file is closed", async () => {
    const path = join(createTestFolder(), "mall.db");
    const database = await openDatabase({ dataSource: `sqlite:${path}`, runtime: systemRuntime });
    await database.write({ sql: CREATE, parameters: [] });
    for (let row = 0; row < ROWS; row += 1) await database.write({ sql: INSERT, parameters: [ROW] });
    const seen = await until("the thread copies", () => logOf(path), {
      holds: ({ checkpointed }) => checkpointed > 0,
    });
    // The writer would have copied all of it, at a length that this log has not.
    assert.ok(seen.log >= CHECKPOINT_PAGES && seen.checkpointed <= seen.log, JSON.stringify(seen));
    await database.write({ sql: INSERT, parameters: [ROW] });
    await database.close();
    assert.equal(existsSync(`${path}-wal`), false);
    const left = new DatabaseSync(path, { readOnly: true });
    assert.equal(left.prepare("SELECT COUNT(*) AS n FROM piece").get()?.n, ROWS + 1);
    assert.equal(left.prepare("PRAGMA integrity_check").get()?.integrity_check, "ok");
    left.close();
  });

  it("keeps no process alive that did not close the file", { timeout: 60_000 }, async () => {
    const path = join(createTestFolder(), "mall.db");
    const script = `
      import { systemRuntime } from "@mall/kit/runtime";
      import { openDatabase } from "@mall/kit/store";
      const database = await openDatabase({ dataSource: "sqlite:" + process.env.DATABASE_PATH, runtime: systemRuntime });
      await database.write({ sql: "${CREATE}", parameters: [] });
      const write = () => database.write({ sql: "${INSERT}", parameters: [Buffer.alloc(${ROW.length})] });
      for (let row = 0; row < ${ROWS}; row += 1) await write();`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: import.meta.dirname,
      env: { ...process.env, DATABASE_PATH: path },
      stdio: "inherit",
    });
    assert.deepEqual(await once(child, "close"), [0, null]);
    const left = new DatabaseSync(path, { readOnly: true });
    assert.equal(left.prepare("SELECT COUNT(*) AS n FROM piece").get()?.n, ROWS);
    left.close();
  });

  it("copies at the next order what it could not copy at one", async () => {
    const path = join(createTestFolder(), "mall.db");
    const writer = new SqliteConnection(path, { readOnly: false, observer: noopObserver });
    writer.exec(`PRAGMA journal_mode = WAL; ${CREATE}`);
    const { port1: writers, port2: parentPort } = new workers.MessageChannel();
    checkpointThread({ ...sqlite, DatabaseSync: OnceFull }, { ...workers, parentPort, workerData: path });
    const copy = async (): Promise<number> => {
      writers.postMessage("checkpoint");
      await once(writers, "message");
      return writer.uncopiedPages();
    };
    assert.notEqual(await copy(), 0);
    assert.equal(await copy(), 0);
    writers.postMessage("end");
    await once(writers, "close");
    writer.close();
  });

  it("leaves it to the writer where it cannot open the file", async () => {
    const folder = createTestFolder();
    const path = join(folder, "mall.db");
    const writer = new SqliteConnection(path, { readOnly: false, observer: noopObserver });
    writer.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; ${CREATE}`);
    const checkpointer = new Checkpointer(join(folder, "nowhere", "mall.db"), writer);
    const write = (): void => {
      writer.write({ sql: INSERT, parameters: [ROW] });
      checkpointer.committed();
    };
    for (let row = 0; row < ROWS; row += 1) write();
    await until("the writer copies", () => {
      const [limit] = writer.read({ sql: "PRAGMA wal_autocheckpoint", parameters: [] });
      return Number(limit?.wal_autocheckpoint) === CHECKPOINT_PAGES;
    });
    write();
    const { log, checkpointed } = logOf(path);
    assert.ok(log > CHECKPOINT_PAGES && checkpointed === log, `${checkpointed} of ${log}`);
    await checkpointer.close();
    writer.close();
  });
});
