import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, test } from "node:test";
import { until } from "@mall/kit/testing";
import { HAS_QUEUES } from "./accept-queues.ts";
import { meRoute, openSocket, serve } from "./test-server.ts";

const CROWD = 120;

describe("a port with several queues", { skip: !HAS_QUEUES && "only Linux spreads connections" }, () => {
  test("takes a crowd in far fewer turns of the event loop than it has members", async (t) => {
    const { url } = await serve(t, { routes: [meRoute] });
    let answered = 0;
    let turns = 0;
    for (let index = 0; index < CROWD; index += 1) {
      const socket = openSocket(url);
      t.after(() => socket.destroy());
      socket.once("data", () => {
        answered += 1;
      });
      socket.write("POST /me HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    const turn = (): void => {
      turns += 1;
      if (answered < CROWD) setImmediate(turn);
    };
    turn();
    await until("all are answered", () => answered === CROWD, { everyMs: 0 });
    assert.ok(turns < CROWD, `${turns} turns for ${CROWD}`);
  });

  test("is another's no more than a port with one, and free again once all are closed", async (t) => {
    const { url, server } = await serve(t, { routes: [meRoute] });
    const port = Number(new URL(url).port);
    const second = createServer();
    await assert.rejects(once(second.listen(port, "127.0.0.1"), "listening"), { code: "EADDRINUSE" });
    await server.stop(1_000);
    await once(second.listen(port, "127.0.0.1"), "listening");
    second.close();
  });
});
