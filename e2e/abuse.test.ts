import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import type { Database } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import { openConnection, readAll, trickle } from "./support/connections.ts";
import { fingerprint } from "./support/database-state.ts";
import { startTestMall, TEST_SECRET, type TestMall } from "./support/mall.ts";
import { type Operation, readOperations, type Schema } from "./support/openapi.ts";
import { gatewayUrls, newCustomer, type Person, personOfRole } from "./support/people.ts";
import { sendRaw } from "./support/raw-http.ts";
import { openPay, orderOne, PRICE, putUp, success } from "./support/shop.ts";
import { type SpawnedMall, spawnMall } from "./support/spawned-mall.ts";
import { assertVerified } from "./support/verified.ts";

/** Routes that show everybody the same rows. */
const FOR_EVERYBODY = ["/api/product/detail"];
const IDS = ["id", "uid", "pid", "oid"];

/** Somebody with one of everything that has an owner. */
interface Owner {
  readonly person: Person;
  readonly ids: Readonly<Record<string, number>>;
}

forEachDatabase("one user against another", (databases) => {
  let mall: TestMall;
  let database: Database;
  let operations: Operation[];
  let victim: Owner;
  let attacker: Owner;

  before(async () => {
    const dataSource = await databases.createDataSource();
    mall = await startTestMall({ dataSource, mode: "pro" });
    database = await databases.open({ dataSource });
    operations = await readOperations(mall.url);
    victim = await createOwner(mall.url);
    attacker = await createOwner(mall.url);
  });
  after(() => mall.stop());

  /** The body a route wants, ids taken from one owner and some of them from another. */
  const bodyFor = ({ tag, properties }: Operation, owner: Owner, others: Record<string, number>): object => {
    const value = (name: string, schema: Schema): unknown => {
      if (name === "id") return others[tag] ?? owner.ids[tag];
      if (IDS.includes(name)) return others[name] ?? owner.ids[name];
      if (name === "amount") return PRICE;
      if (name === "status") return tag === "pay" ? 1 : Math.min(9, schema.maximum ?? 9);
      if (schema.type?.includes("integer")) return Math.max(1, schema.minimum ?? 1);
      return schema.enum?.[0] ?? (new RegExp(schema.pattern ?? "").test("x") ? "x" : "1");
    };
    return Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name, value(name, schema)]),
    );
  };

  it("gets nothing and changes nothing by any route that takes an id, whichever ids are the other's", async () => {
    const targets = operations.filter(
      ({ path, properties }) =>
        Object.keys(properties).some((name) => IDS.includes(name)) && !FOR_EVERYBODY.includes(path),
    );
    assert.ok(targets.length >= 10, "there are such routes");
    const known = await fingerprint(database);
    for (const operation of targets) {
      const foreign = Object.entries(victim.ids).filter(([name]) => name !== "pid");
      const mixes = [Object.fromEntries(foreign), ...foreign.map(([name, id]) => ({ [name]: id }))];
      for (const mix of mixes.filter((each) => touches(operation, each))) {
        const body = bodyFor(operation, attacker, mix);
        const answer = await post(mall.url, operation.path, attacker.person.token, body);
        const what = `${operation.path} ${JSON.stringify(body)} -> ${answer.status} ${answer.text}`;
        // One's own order cannot be given to another either, which is told as what it is.
        assert.ok([403, 404].includes(answer.status) || answer.text.includes('"ORDER_FIXED"'), what);
        assert.doesNotMatch(answer.text, /"(uid|amount)":/, what);
      }
    }
    assert.equal(await fingerprint(database), known);
  });

  it("cannot tell another's rows from rows that are not there", async () => {
    for (const operation of operations.filter(({ path }) => path.endsWith("/detail"))) {
      const { tag, path } = operation;
      if (FOR_EVERYBODY.includes(path)) continue;
      const foreign = await post(mall.url, path, attacker.person.token, { id: victim.ids[tag] });
      const missing = await post(mall.url, path, attacker.person.token, { id: 999_999 });
      assert.deepEqual(foreign, missing);
    }
  });

  it("may sign with HS256, HS384 or HS512, as with the Go original, if the secret is the mall's", async () => {
    const { uid } = attacker.person;
    for (const alg of ["HS256", "HS384", "HS512"]) {
      const token = jwt(alg, { exp: Math.floor(Date.now() / 1000) + 60, uid }, TEST_SECRET);
      assert.equal((await post(mall.url, "/api/user/userinfo", token, {})).status, 200);
    }
  });

  it("is nobody at all on any route that wants a token and gets a bad one", async () => {
    const known = await fingerprint(database);
    const bad = Object.entries(badTokens(victim.person.uid));
    for (const operation of operations.filter(({ needsToken }) => needsToken)) {
      for (const [kind, token] of bad) {
        const answer = await post(mall.url, operation.path, token, bodyFor(operation, victim, {}));
        assert.equal(answer.status, 401, `${operation.path} with ${kind}: ${answer.text}`);
      }
    }
    assert.equal(await fingerprint(database), known);
  });

  it("leaves payments, orders and stock that say the same", () => assertVerified(mall.dataSource));
});

describe("bad clients do not stop good ones", () => {
  let mall: SpawnedMall;
  let customer: Person;

  before(async () => {
    mall = await spawnMall();
    customer = await newCustomer(gatewayUrls(mall.url));
  });
  after(() => mall.stop());

  /** Served as usual: well below what a client would wait. */
  const assertServed = async (): Promise<void> => {
    const started = Date.now();
    await Promise.all(Array.from({ length: 20 }, () => customer.user.userInfo()));
    assert.ok(Date.now() - started < 2000, "good clients wait");
  };

  it("who send headers and bodies byte by byte", async () => {
    const stop = new AbortController();
    const sockets = await Promise.all(Array.from({ length: 100 }, () => openConnection(mall.url)));
    const head = "POST /api/user/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    const slow = sockets.map((socket, index) => {
      const known = index % 2 === 0 ? "" : `${head}Content-Length: 500\r\n\r\n`;
      socket.write(known);
      return trickle(socket, known === "" ? `${head}X: ${"x".repeat(500)}` : "x".repeat(500), stop.signal);
    });
    for (let round = 0; round < 10; round += 1) await assertServed();
    stop.abort();
    await Promise.all(slow);
    for (const socket of sockets) socket.destroy();
  });

  it("who open five hundred connections and say nothing", async () => {
    const sockets = await Promise.all(Array.from({ length: 500 }, () => openConnection(mall.url)));
    await assertServed();
    for (const socket of sockets) socket.destroy();
  });

  it("who send huge bodies, and the memory stays bounded", { skip: whyNoPs() }, async () => {
    const before = residentMiB(mall.pid);
    const chunk = `${(1 << 20).toString(16)}\r\n${"x".repeat(1 << 20)}\r\n`;
    const flood = async (): Promise<string> => {
      const socket = await openConnection(mall.url);
      const answer = readAll(socket);
      socket.write("POST /api/user/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n");
      socket.write("Transfer-Encoding: chunked\r\n\r\n");
      const closed = once(socket, "close");
      for (let sent = 0; sent < 32 && socket.writable; sent += 1) {
        // Waits for the other side to take it, or for the connection's end.
        await Promise.race([closed, new Promise((resolve) => socket.write(chunk, resolve))]);
      }
      socket.end();
      return answer;
    };
    const floods = Array.from({ length: 20 }, flood);
    await assertServed();
    for (const answer of await Promise.all(floods)) assert.match(answer, /^(HTTP\/1\.1 413 |$)/);
    const grown = residentMiB(mall.pid) - before;
    assert.ok(grown < 250, `640 MiB were sent and ${grown.toFixed()} MiB kept`);
  });

  it("and requests of one connection are answered in their order", async () => {
    const socket = await openConnection(mall.url);
    const answer = readAll(socket);
    const authorization = `Authorization: Bearer ${customer.token}`;
    const kinds = [
      { path: "/api/user/login", body: '{"mobile":"1","password":"123456"}' },
      { path: "/api/product/detail", body: '{"id":0}' },
      { path: "/api/user/userinfo", body: "" },
    ];
    const requests = Array.from({ length: 30 }, (_, index) => {
      // Each kind takes its own time: a row that is not there, a body that is refused, a row that is there.
      const { path, body } = kinds[index % kinds.length] ?? { path: "", body: "" };
      const last = index === 29 ? "Connection: close\r\n" : "";
      const length = `Content-Type: application/json\r\nContent-Length: ${body.length}`;
      return `POST ${path} HTTP/1.1\r\nHost: x\r\n${authorization}\r\n${last}${length}\r\n\r\n${body}`;
    });
    socket.write(requests.join(""));
    const reasons = [...(await answer).matchAll(/"reason":"([A-Z_]+)"|"name":"(ving)"/g)];
    const expected = ["USER_NOT_FOUND", "INVALID_FIELD", "ving"];
    assert.deepEqual(
      reasons.map(([, reason, name]) => reason ?? name),
      Array.from({ length: 30 }, (_, index) => expected[index % 3]),
    );
  });
});

async function createOwner(url: string): Promise<Owner> {
  const urls = gatewayUrls(url);
  const person = await newCustomer(urls);
  const staff = personOfRole(urls, "staff");
  const pid = await putUp(staff, 10);
  const paid = await orderOne(person, pid);
  const { uid } = person;
  const payment = await openPay(person, paid);
  await personOfRole(urls, "gateway").pay.callback(success({ id: payment, uid, oid: paid }));
  const oid = await orderOne(person, pid);
  const pay = await openPay(person, oid);
  return { person, ids: { uid, pid, oid, user: uid, product: pid, order: oid, pay } };
}

/** Whether a route asks for one of these ids; `id` is that of the route's own service. */
function touches({ tag, properties }: Operation, ids: Record<string, number>): boolean {
  const asked = Object.keys(properties).filter((name) => IDS.includes(name));
  return asked.some((name) => (name === "id" ? tag : name) in ids);
}

async function post(
  url: string,
  path: string,
  token: string,
  body: object,
): Promise<{ status: number; text: string }> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const { status, text } = await sendRaw(url, { method: "POST", path, headers, body: JSON.stringify(body) });
  return { status, text };
}

/** Tokens that say who they are for and must not be believed. */
function badTokens(uid: number): Record<string, string> {
  const now = Math.floor(Date.now() / 1000);
  const good = { exp: now + 3600, iat: now, uid, role: 2 };
  const [header, payload, signature] = jwt("HS256", good, TEST_SECRET).split(".");
  const other = jwt("HS256", { ...good, uid: uid + 1 }, TEST_SECRET).split(".")[1];
  return {
    "an expired token": jwt("HS256", { ...good, exp: now - 1 }, TEST_SECRET),
    "a token of the future": jwt("HS256", { ...good, nbf: now + 3600 }, TEST_SECRET),
    "another secret": jwt("HS256", good, "another-secret-another-secret"),
    "an empty secret": jwt("HS256", good, ""),
    "no signature": `${header}.${payload}.`,
    "two parts": `${header}.${payload}`,
    "another's payload": `${header}.${other}.${signature}`,
    "a cut signature": `${header}.${payload}.${signature?.slice(0, -2)}`,
    "alg none": `${base64url({ alg: "none", typ: "JWT" })}.${payload}.`,
    "alg None with a signature": `${base64url({ alg: "None", typ: "JWT" })}.${payload}.${signature}`,
    "HS512 by another secret": jwt("HS512", good, "another-secret-another-secret"),
    "an HS512 signature named HS256": `${header}.${payload}.${jwt("HS512", good, TEST_SECRET).split(".")[2]}`,
    "a header that says HS256 twice": `${Buffer.from('{"alg":"none","alg":"HS256"}').toString("base64url")}.${payload}.${signature}`,
    "uid as text": jwt("HS256", { ...good, uid: String(uid) }, TEST_SECRET),
    "uid 0": jwt("HS256", { ...good, uid: 0 }, TEST_SECRET),
    "an unknown role": jwt("HS256", { ...good, role: 4 }, TEST_SECRET),
    "exp as text": jwt("HS256", { ...good, exp: String(now + 3600) }, TEST_SECRET),
  };
}

function jwt(alg: string, claims: object, secret: string): string {
  const signed = `${base64url({ alg, typ: "JWT" })}.${base64url(claims)}`;
  const digest = createHmac(`sha${alg.slice(2)}`, secret)
    .update(signed)
    .digest("base64url");
  return `${signed}.${digest}`;
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function residentMiB(pid: number): number {
  const { stdout } = spawnSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  return Number(stdout?.trim() || Number.NaN) / 1024;
}

function whyNoPs(): string | false {
  return Number.isNaN(residentMiB(process.pid)) && "ps cannot tell a process's memory here";
}
