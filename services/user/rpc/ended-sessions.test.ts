import assert from "node:assert/strict";
import { it } from "node:test";
import { Call } from "@mall/kit/call";
import { silentLogger } from "@mall/kit/log";
import { migrateToLatest } from "@mall/kit/store";
import { createManualRuntime, forEachDatabase } from "@mall/kit/testing";
import { createEndedSessionModel } from "../model/ended-session-model.ts";
import { endSession } from "./logic/end-session.ts";
import { endedSessions } from "./logic/ended-sessions.ts";
import { userRpc } from "./main.ts";

const START = 1_800_000_000;

forEachDatabase("the sessions that were signed out of", (databases) => {
  async function start() {
    const runtime = createManualRuntime(START * 1000);
    const database = await databases.open({ dataSource: await databases.createDataSource() });
    for (const set of userRpc.migrations) await migrateToLatest(database, set);
    const endedSessionModel = createEndedSessionModel(database);
    const context = { runtime, log: silentLogger, endedSessionModel };
    return {
      pass: (seconds: number) => runtime.advance(seconds * 1000),
      kept: async () => (await endedSessionModel.findMany((query) => query)).map(({ session }) => session),
      end: (session: string, until = START + 1000) => endSession(context, new Call(), { session, until }),
      list: async (page: { since?: number; after?: number; limit?: number } = {}) =>
        (await endedSessions(context, new Call(), { since: 0, after: 0, limit: 1000, ...page })).data,
    };
  }

  it("are told page by page, each once, by the second and the id", async () => {
    const { pass, end, list } = await start();
    for (let index = 0; index < 7; index += 1) {
      if (index % 3 === 0) pass(1);
      await end(`session ${index}`);
    }
    const told: { id: number; session: string; ended: number }[] = [];
    let page = { since: 0, after: 0 };
    for (let read = 2; read === 2; ) {
      const data = await list({ ...page, limit: 2 });
      told.push(...data);
      read = data.length;
      page = { since: data.at(-1)?.ended ?? 0, after: data.at(-1)?.id ?? 0 };
    }
    assert.deepEqual(
      told.map(({ session }) => session),
      [0, 1, 2, 3, 4, 5, 6].map((index) => `session ${index}`),
    );
    assert.deepEqual(
      (await list({ since: START + 3 })).map(({ session }) => session),
      ["session 6"],
    );
  });

  it("are written down once, the first time, and not where they were over by themselves", async () => {
    const { pass, end, list } = await start();
    await end("a");
    pass(5);
    await Promise.all([end("a"), end("b"), end("b"), end("over", START + 5)]);
    assert.deepEqual(
      (await list()).map(({ session, ended }) => [session, ended]),
      [
        ["a", START],
        ["b", START + 5],
      ],
    );
  });

  it("are told until they would be over, and forgotten after that", async () => {
    const { pass, end, list, kept } = await start();
    await end("short", START + 10);
    await end("long");
    pass(10);
    assert.deepEqual(
      (await list()).map(({ session }) => session),
      ["long"],
    );
    await end("next");
    assert.deepEqual(await kept(), ["long", "next"]);
  });

  it("have a name of 1 to 64 characters, and come at most 1000 at a time", async () => {
    const { end, list } = await start();
    for (const session of ["", "x".repeat(65)])
      await assert.rejects(end(session), { code: "INVALID_ARGUMENT", field: "session" });
    for (const limit of [0, -1, 1001])
      await assert.rejects(list({ limit }), { code: "INVALID_ARGUMENT", field: "limit" });
  });
});
