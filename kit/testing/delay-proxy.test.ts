import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { type DelayProxy, type DelayProxyOptions, startDelayProxy } from "./delay-proxy.ts";

/** More than the proxy and the system's buffers of both its connections can hold. */
const MUCH_BYTES = 64 * 1024 * 1024;
const HELD_BYTES_MIN = 1024 * 1024;
/** Plus what is read before the proxy notices that it is full. */
const HELD_BYTES_MAX = HELD_BYTES_MIN + 64 * 1024;

describe("a delay proxy", () => {
  let server: Server;
  let accepted: Socket[];
  let proxy: DelayProxy;
  let clients: Socket[];

  beforeEach(async () => {
    accepted = [];
    clients = [];
    server = createServer((socket) => {
      accepted.push(socket.on("error", () => {}));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(async () => {
    for (const socket of [...clients, ...accepted]) socket.destroy();
    await proxy.stop();
    server.close();
  });

  const start = async (options: Partial<DelayProxyOptions> = {}): Promise<void> => {
    const { port } = server.address() as AddressInfo;
    proxy = await startDelayProxy({ target: `127.0.0.1:${port}`, random: Math.random, ...options });
  };

  /** Resolves once the proxy has bytes in transit. */
  const underWay = async (): Promise<void> => {
    while (proxy.heldBytes === 0) await turn();
  };

  /** Both ends of a new connection. */
  const open = async (): Promise<{ client: Socket; peer: Socket }> => {
    const taken = once(server, "connection");
    const client = connect(Number(proxy.host.split(":")[1]), "127.0.0.1").on("error", () => {});
    clients.push(client);
    const [peer]: Socket[] = await taken;
    assert.ok(peer);
    return { client, peer };
  };

  it("passes on every byte of both directions in order, whatever the delays", async (t) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    t.diagnostic(`seed ${seed}`);
    await start({ delays: { toServer: { min: 0, max: 20 }, toClient: { min: 0, max: 20 } } });
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 2000 }), {
      minLength: 1,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(pieces, pieces, async (there, back) => {
        const { client, peer } = await open();
        const arrived = Promise.all([everything(peer), everything(client)]);
        for (const piece of there) await written(client, piece);
        for (const piece of back) await written(peer, piece);
        client.end();
        peer.end();
        const [atServer, atClient] = await arrived;
        assert.deepEqual([atServer, atClient], [Buffer.concat(there), Buffer.concat(back)]);
      }),
      { seed, numRuns: 20 },
    );
  });

  it("is slow in one direction alone where it is told so", async () => {
    await start({ delays: { toClient: { min: 60_000, max: 60_000 } } });
    const { client, peer } = await open();
    client.write("question");
    assert.equal(String((await once(peer, "data"))[0]), "question");
    peer.write("answer");
    await underWay();
    assert.equal(client.bytesRead, 0);
  });

  it("draws the time of each piece from the chance it is given", async () => {
    await start({ delays: { toServer: { min: 10, max: 110 } }, random: () => 0.5 });
    const { client, peer } = await open();
    const sentAt = performance.now();
    client.write("once");
    await once(peer, "data");
    const tookMs = performance.now() - sentAt;
    assert.ok(tookMs >= 59, `arrived after ${tookMs} ms`);
  });

  it("takes new delays for what comes from then on", async () => {
    await start({ delays: { toServer: { min: 60_000, max: 60_000 } } });
    const late = await open();
    late.client.write("too late for this test");
    await underWay();
    proxy.delay({});
    const { client, peer } = await open();
    client.write("at once");
    assert.equal(String((await once(peer, "data"))[0]), "at once");
    assert.equal(late.peer.bytesRead, 0);
  });

  it("keeps one direction while it is paused, and loses nothing", async () => {
    await start();
    const { client, peer } = await open();
    proxy.pause("toClient");
    peer.write("held");
    client.write("passes");
    assert.equal(String((await once(peer, "data"))[0]), "passes");
    assert.equal(client.bytesRead, 0);
    proxy.resume();
    assert.equal(String((await once(client, "data"))[0]), "held");
  });

  it("holds no more than its bound for a receiver that is slow", async () => {
    await start();
    const { client, peer } = await open();
    peer.pause();
    client.end(Buffer.alloc(MUCH_BYTES));
    while (proxy.heldBytes < HELD_BYTES_MIN) await turn();
    let heldMost = 0;
    peer.on("data", () => {
      heldMost = Math.max(heldMost, proxy.heldBytes);
    });
    peer.resume();
    assert.equal((await everything(peer)).length, MUCH_BYTES);
    assert.ok(heldMost <= HELD_BYTES_MAX, `the proxy held ${heldMost} bytes`);
  });

  it("cuts its connections and takes new ones", async () => {
    await start({ delays: { toServer: { min: 60_000, max: 60_000 } } });
    const { client, peer } = await open();
    client.write("never arrives");
    await underWay();
    const gone = Promise.all([closed(client), closed(peer)]);
    proxy.cut();
    await gone;
    assert.equal(peer.bytesRead, 0);
    proxy.delay({});
    const again = await open();
    again.client.write("arrives");
    assert.equal(String((await once(again.peer, "data"))[0]), "arrives");
    assert.equal(proxy.connections, 1);
  });

  it("ends a connection whose server is away, and one whose server goes", async () => {
    await start();
    const { client, peer } = await open();
    const gone = closed(client);
    peer.resetAndDestroy();
    await gone;
    server.close();
    await once(server, "close");
    const late = connect(Number(proxy.host.split(":")[1]), "127.0.0.1").on("error", () => {});
    clients.push(late);
    await closed(late);
  });

  it("stops with connections open and bytes under way", async () => {
    await start({ delays: { toServer: { min: 60_000, max: 60_000 } } });
    const { client } = await open();
    client.write("never arrives");
    await underWay();
    const gone = closed(client);
    await proxy.stop();
    await gone;
    assert.equal(proxy.connections, 0);
    await start();
  });
});

/** However the socket closes. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
  });
}

/** Everything a socket reads until the other side ends it. */
async function everything(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  socket.on("data", (piece: Buffer) => pieces.push(piece));
  await once(socket, "end");
  return Buffer.concat(pieces);
}

function written(socket: Socket, piece: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(piece, (error) => (error == null ? resolve() : reject(error)));
  });
}
