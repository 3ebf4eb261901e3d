import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import { whyNoPrivateMariadb } from "./mariadb.ts";

describe("private mariadb", { skip: whyNoPrivateMariadb() ?? false }, () => {
  it("ends and takes its data along when the process that started it is killed", async () => {
    const script = `
      import { systemRuntime } from "@mall/kit/runtime";
      import { openDatabase } from "@mall/kit/store";
      import { startPrivateMariadb } from "./mariadb.ts";
      const server = await startPrivateMariadb();
      const dataSource = await server.createDatabase();
      const database = await openDatabase({ dataSource, runtime: systemRuntime });
      const [row] = await database.read({ sql: "SELECT @@tmpdir AS folder", parameters: [] });
      process.stdout.write(JSON.stringify({ dataSource, folder: row.folder }));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [text] = await once(child.stdout.setEncoding("utf8"), "data");
    const { dataSource, folder } = JSON.parse(text) as { dataSource: string; folder: string };
    await (await openDatabase({ dataSource, runtime: systemRuntime })).close();
    child.kill("SIGKILL");
    while (existsSync(folder)) await new Promise((resolve) => setImmediate(resolve));
    await assert.rejects(openDatabase({ dataSource, runtime: systemRuntime }), /cannot reach MySQL/);
  });
});
