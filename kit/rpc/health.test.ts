import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { silentLogger } from "@mall/kit/log";
import { systemRuntime } from "@mall/kit/runtime";
import { createRpcServer, type RpcServer } from "./server.ts";

const [SERVING, NOT_SERVING] = ["0801", "0802"];

const pass = (bytes: Buffer): Buffer => bytes;

async function serve(
  t: TestContext,
  health: boolean,
  works = async (): Promise<boolean> => true,
): Promise<{ server: RpcServer; plain: Client; check: (service: string) => Promise<string | number> }> {
  const server = createRpcServer({
    runtime: systemRuntime,
    log: silentLogger,
    timeoutMs: 2_000,
    health,
    works,
  });
  const plain = new Client(await server.start("127.0.0.1:0"), credentials.createInsecure());
  t.after(async () => {
    plain.close();
    await server.stop(0);
  });
  /** The bytes of the answer, or the status code. */
  const check = (service: string): Promise<string | number> => {
    const request = Buffer.concat([Buffer.from([0x0a, service.length]), Buffer.from(service)]);
    return new Promise((resolve) => {
      const settle = (error: ServiceError | null, bytes?: Buffer): void =>
        resolve(error === null ? (bytes?.toString("hex") ?? "") : error.code);
      plain.makeUnaryRequest("/grpc.health.v1.Health/Check", pass, pass, request, settle);
    });
  };
  return { server, plain, check };
}

test("a server is SERVING once it has started, NOT_SERVING once it is to stop, for the service of no name", async (t) => {
  const { server, check } = await serve(t, true);
  assert.equal(await check(""), SERVING);
  assert.equal(await check("probe.Probe"), 5);
  server.leave();
  assert.equal(await check(""), NOT_SERVING);
});

test("a server without the health service does not know it", async (t) => {
  const { check } = await serve(t, false);
  assert.equal(await check(""), 12);
});

test("who watches a server is told that it serves, and later that it is to stop", async (t) => {
  const { server, plain } = await serve(t, true);
  const stream = plain.makeServerStreamRequest(
    "/grpc.health.v1.Health/Watch",
    pass,
    (bytes) => bytes.toString("hex"),
    Buffer.alloc(0),
  );
  const told = stream.iterator({ destroyOnReturn: false });
  assert.equal((await told.next()).value, SERVING);
  server.leave();
  assert.equal((await told.next()).value, NOT_SERVING);
  stream.on("error", () => {}).cancel();
});

test("a health check that cannot be read fails alone", async (t) => {
  const { plain, check } = await serve(t, true);
  const code = await new Promise((resolve) => {
    plain.makeUnaryRequest("/grpc.health.v1.Health/Check", pass, pass, Buffer.from([0x17]), (error) =>
      resolve(error?.code),
    );
  });
  assert.equal(typeof code, "number");
  assert.equal(await check(""), SERVING);
});

test("a server is NOT_SERVING while its process cannot work, for those who ask and those who watch", async (t) => {
  let works = true;
  const { plain, check } = await serve(t, true, async () => works);
  assert.equal(await check(""), SERVING);
  const stream = plain.makeServerStreamRequest(
    "/grpc.health.v1.Health/Watch",
    pass,
    (bytes) => bytes.toString("hex"),
    Buffer.alloc(0),
  );
  const told = stream.iterator({ destroyOnReturn: false });
  assert.equal((await told.next()).value, SERVING);
  works = false;
  assert.equal((await told.next()).value, NOT_SERVING);
  assert.equal(await check(""), NOT_SERVING);
  works = true;
  assert.equal((await told.next()).value, SERVING);
  assert.equal(await check(""), SERVING);
  stream.on("error", () => {}).cancel();
});
