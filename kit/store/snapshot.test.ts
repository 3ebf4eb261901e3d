import assert from "node:assert/strict";
import { it } from "node:test";
import { forEachDatabase, useSamples } from "@mall/kit/testing";
import type { Snapshot } from "./index.ts";

const COUNT = { sql: "SELECT COUNT(*) AS n FROM sample", parameters: [] };

async function countIn(snapshot: Snapshot): Promise<number> {
  const [row] = await snapshot.read(COUNT);
  return Number(row?.n);
}

forEachDatabase("snapshot", (databases) => {
  const use = useSamples(databases);

  it("sees what was committed when it began, while others go on writing", async () => {
    const { database, samples } = use();
    const id = await samples.insert({ name: "before" });
    await database.snapshot(async (snapshot) => {
      const before = await countIn(snapshot);
      await samples.insert({ name: "after" });
      await database.transaction((tx) => samples.update(id, { note: "changed" }, { tx }));
      assert.equal(await countIn(snapshot), before);
      const [row] = await snapshot.read({ sql: "SELECT note FROM sample WHERE id = ?", parameters: [id] });
      assert.notEqual(row?.note, "changed");
      assert.equal(await database.snapshot(countIn), before + 1);
    });
    assert.equal((await samples.findOne(id))?.note, "changed");
  });

  it("writes nothing, and passes the error of its work on", async () => {
    const { database } = use();
    const insert = { sql: "DELETE FROM sample", parameters: [] };
    await assert.rejects(database.snapshot((snapshot) => snapshot.read(insert)));
    assert.ok((await database.snapshot(countIn)) > 0);
    const failure = new Error("no");
    const work = database.snapshot(async () => {
      throw failure;
    });
    await assert.rejects(work, (error) => error === failure);
  });
});
