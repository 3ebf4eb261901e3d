import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { type Cache, createCache, openRedisClient, type RedisClient } from "@mall/kit/cache";
import { cacheConfig, checkConfig, redisKeyConfig } from "@mall/kit/config";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, openDatabase, type RowView } from "@mall/kit/store";
import { until } from "@mall/kit/testing";
import { createUserModel, createUserView, type UserModel, type UserRow } from "@mall/user/model";
import { stringify } from "yaml";
import {
  createPayModel,
  createPayView,
  type PayModel,
  type PayRow,
} from "../../services/pay/model/pay-model.ts";
import { type Backends, startBackends, whyNoBackends } from "./backends.ts";
import { findGoPrograms, type GoPrograms, LineProgram } from "./go-programs.ts";

const found = await findGoPrograms();
const skip = found.skip || whyNoBackends() || false;

/** The seed's parameters: both sides must make the same moment of a row's times. */
const SEED_PARAMETERS = "?charset=utf8mb4&parseTime=true&loc=Asia%2FShanghai";
const NOT_FOUND = { error: "sql: no rows in result set" };
const TRUST_MS_MAX = 20_000;

/** A payment as the Go model gives it; a user likewise, with its own fields. */
type GoRow = Readonly<Record<string, unknown>>;

for (const programs of found.programs) {
  describe(`cached models with go-zero ${programs.version}`, { skip, timeout: 120_000 }, () => {
    let backends: Backends;
    let half: Halves;

    before(async () => {
      backends = await startBackends();
      half = await Halves.start(programs, backends);
    });
    after(async () => {
      await half.stop();
      await backends.stop();
    });

    let pay: PayRow;
    beforeEach(async () => {
      pay = await half.newPay();
    });

    it("its rows lack what only ours have, so we read the database, by id and by order", async () => {
      await half.ask({ op: "payById", id: pay.id });
      await half.ask({ op: "payByOid", oid: pay.oid });
      assert.deepEqual(await half.payView.findOne(pay.id), pay);
      assert.deepEqual(await half.payView.findOneBy("idx_oid_unique", { oid: pay.oid }), pay);
      assert.equal((await half.entries([`cache:pay:id:${pay.id}`]))[0]?.includes("Currency"), true);
    });

    it("our rows are read by it, by id and by order", async () => {
      await half.payView.findOne(pay.id);
      await half.payView.findOneBy("idx_oid_unique", { oid: pay.oid });
      await half.changeUnnoticed(pay.id, 2);
      const { id: Id, uid: Uid, oid: Oid, amount: Amount } = pay;
      for (const question of [
        { op: "payById", id: pay.id },
        { op: "payByOid", oid: pay.oid },
      ]) {
        const { CreateTime, UpdateTime, ...row } = await half.ask(question);
        assert.deepEqual(row, { Id, Uid, Oid, Amount, Source: 0, Status: 0 });
        assert.deepEqual(new Date(String(CreateTime)), pay.createTime);
        assert.deepEqual(new Date(String(UpdateTime)), pay.updateTime);
      }
    });

    it("both leave the same bytes under the same keys, ours with more at the end", async () => {
      const keys = [`cache:pay:id:${pay.id}`, `cache:pay:oid:${pay.oid}`];
      await half.ask({ op: "payById", id: pay.id });
      await half.ask({ op: "payByOid", oid: pay.oid });
      const theirs = await half.entries(keys);
      await half.redis.del(...keys);
      await half.payView.findOne(pay.id);
      await half.payView.findOneBy("idx_oid_unique", { oid: pay.oid });
      const ours = await half.entries(keys);
      assert.deepEqual(
        ours.map((entry) => entry?.replace(/,"Currency".*/, "}")),
        theirs,
      );
      assert.match(theirs[0] ?? "", /^\{"Id":\d+,.*\+08:00"\}$/);
    });

    it("its write is seen by us at once, by id and by order", async () => {
      await half.readEverywhere(pay);
      await half.ask({ op: "updatePay", pay: { ...half.goPay(pay), Source: 1, Status: 1 } });
      assert.equal((await half.payView.findOne(pay.id))?.status, 1);
      assert.equal((await half.payView.findOneBy("idx_oid_unique", { oid: pay.oid }))?.status, 1);
    });

    it("our write is seen by it at once, by id and by order", async () => {
      await half.readEverywhere(pay);
      assert.ok(await half.pays.update(pay.id, { source: 1, status: 1 }, { expect: { status: 0 } }));
      assert.equal((await half.ask({ op: "payById", id: pay.id })).Status, 1);
      assert.equal((await half.ask({ op: "payByOid", oid: pay.oid })).Status, 1);
    });

    it("its marks for missing rows do not hide what we insert, from neither", async () => {
      const [id, oid] = [pay.id + 1, pay.oid + 1];
      assert.deepEqual(await half.ask({ op: "payById", id }), NOT_FOUND);
      assert.deepEqual(await half.ask({ op: "payByOid", oid }), NOT_FOUND);
      assert.equal((await half.newPay()).id, id);
      assert.equal((await half.payView.findOneBy("idx_oid_unique", { oid }))?.id, id);
      assert.equal((await half.ask({ op: "payById", id })).Id, id);
      assert.equal((await half.ask({ op: "payByOid", oid })).Id, id);
    });

    it("what it inserts is found by us, whoever had just missed it", async () => {
      const [id, oid] = [pay.id + 1, pay.oid + 1];
      await half.ask({ op: "payById", id });
      await half.ask({ op: "payByOid", oid });
      assert.equal(await half.payView.findOne(id), undefined);
      assert.equal(await half.payView.findOneBy("idx_oid_unique", { oid }), undefined);
      const row = half.goPay({ ...pay, id: 0, oid });
      assert.equal((await half.ask({ op: "insertPay", pay: row })).Id, id);
      assert.equal((await half.payView.findOne(id))?.oid, oid);
      assert.equal((await half.payView.findOneBy("idx_oid_unique", { oid }))?.id, id);
      half.noteForeignPay();
    });

    it("our leases and marks for missing rows are a miss or a missing row to it", async () => {
      const key = `cache:pay:id:${pay.id}`;
      await half.redis.set(key, "");
      assert.equal((await half.ask({ op: "payById", id: pay.id })).Id, pay.id);
      assert.notEqual(await half.redis.get(key), "");
      assert.equal(await half.payView.findOne(pay.id + 100), undefined);
      assert.deepEqual(await half.ask({ op: "payById", id: pay.id + 100 }), NOT_FOUND);
    });

    it("users are found by their mobile through each other's entries, with signs that Go escapes", async () => {
      const mobile = `15${pay.id}`;
      const name = `<ving> & 支付 "\\" \u2028`;
      const id = await half.users.insert({ name, gender: 1, mobile, password: "x", role: 2 });
      for (const first of ["ours", "theirs"]) {
        await half.redis.flushall();
        const readers = [
          () => half.userView.findOneBy("idx_mobile_unique", { mobile }),
          () => half.ask({ op: "userByMobile", mobile }),
        ];
        const order = first === "ours" ? readers : readers.toReversed();
        for (const read of order) await read();
        const user = await half.userView.findOneBy("idx_mobile_unique", { mobile });
        assert.deepEqual([user?.id, user?.name, user?.role], [id, name, 2], `${first} first`);
        const theirs = await half.ask({ op: "userByMobile", mobile });
        assert.deepEqual([theirs.Id, theirs.Name, theirs.Mobile], [id, name, mobile], `${first} first`);
        assert.deepEqual(await half.entries([`cache:user:mobile:${mobile}`]), [`${id}`]);
      }
    });

    it("a user that either changes is seen by both, with the role that Go knows nothing of", async () => {
      const mobile = `16${pay.id}`;
      const id = await half.users.insert({ name: "ving", gender: 1, mobile, password: "x" });
      const readAll = async () => [
        await half.userView.findOne(id),
        await half.userView.findOneBy("idx_mobile_unique", { mobile }),
        await half.ask({ op: "userById", id }),
        await half.ask({ op: "userByMobile", mobile }),
      ];
      await readAll();
      await half.users.update(id, { name: "ours", role: 1 });
      const [byId, byMobile, ...theirs] = await readAll();
      assert.deepEqual(
        theirs.map((row) => (row as GoRow | undefined)?.Name),
        ["ours", "ours"],
      );
      const User = { ...(theirs[0] as GoRow), Name: "theirs" };
      await half.ask({ op: "updateUser", user: User });
      const [again] = await readAll();
      assert.deepEqual(
        [byId, byMobile].map((row) => (row as { role?: number } | undefined)?.role),
        [1, 1],
      );
      assert.deepEqual([(again as { name: string }).name, (again as { role: number }).role], ["theirs", 1]);
    });
  });
}

/** Models of both sides over one database and one Redis. */
class Halves {
  readonly pays: PayModel;
  readonly users: UserModel;
  /** The same rows as they are read through the cache. */
  readonly payView: RowView<PayRow>;
  readonly userView: RowView<UserRow>;
  readonly redis: RedisClient;
  readonly #go: LineProgram;
  readonly #database: Database;
  readonly #cache: Cache;
  readonly #folder: string;
  #pays = 0;

  private constructor(
    parts: { database: Database; cache: Cache; redis: RedisClient },
    go: LineProgram,
    folder: string,
  ) {
    this.pays = createPayModel(parts.database, parts.cache);
    this.users = createUserModel(parts.database, parts.cache);
    this.payView = createPayView(parts.database, parts.cache);
    this.userView = createUserView(parts.database, parts.cache);
    this.redis = parts.redis;
    this.#go = go;
    this.#database = parts.database;
    this.#cache = parts.cache;
    this.#folder = folder;
  }

  static async start(programs: GoPrograms, backends: Backends): Promise<Halves> {
    const folder = mkdtempSync(join(tmpdir(), "mall-models-"));
    const dataSource = `${await backends.createDataSource()}${SEED_PARAMETERS}`;
    const { host } = backends.redis;
    const nodes = [{ Host: host, Type: "node" }];
    const config = join(folder, "model.yaml");
    writeFileSync(config, stringify({ Mysql: { DataSource: dataSource }, CacheRedis: nodes }));
    const runtime = systemRuntime;
    const options = { runtime, log: silentLogger, observer: noopObserver };
    const parts = {
      database: await openDatabase({ dataSource, runtime }),
      cache: await createCache(checkConfig("(test)", nodes, cacheConfig), options),
      redis: await openRedisClient(checkConfig("(test)", { Host: host, Key: "none" }, redisKeyConfig)),
    };
    const halves = new Halves(parts, new LineProgram(programs, ["model", "-f", config]), folder);
    await halves.#untilTrusted();
    return halves;
  }

  async ask(question: object): Promise<GoRow> {
    return (await this.#go.ask(question)) as GoRow;
  }

  /** A payment that was never read. */
  async newPay(): Promise<PayRow> {
    this.#pays += 1;
    const id = await this.pays.insert({ uid: 7, oid: this.#pays, amount: 500, source: 0, status: 0 });
    const [row] = await this.pays.findMany((query) => query.where("id", "=", id));
    assert.ok(row !== undefined);
    return row;
  }

  /** Somebody else has made the next payment. */
  noteForeignPay(): void {
    this.#pays += 1;
  }

  goPay({ id, uid, oid, amount, source, status }: PayRow): GoRow {
    return { Id: id, Uid: uid, Oid: oid, Amount: amount, Source: source, Status: status };
  }

  /** A change that no model makes, so that whoever still sees the old row has it from Redis. */
  async changeUnnoticed(id: number, status: number): Promise<void> {
    await this.#database.write({
      sql: "UPDATE `pay` SET `status` = ? WHERE `id` = ?",
      parameters: [status, id],
    });
  }

  /** Leaves the payment in all entries and both sides' hands. */
  async readEverywhere({ id, oid }: PayRow): Promise<void> {
    await this.ask({ op: "payById", id });
    await this.ask({ op: "payByOid", oid });
    await this.payView.findOne(id);
    await this.payView.findOneBy("idx_oid_unique", { oid });
  }

  /** The texts in Redis, once our readers have filled what they have a lease on. */
  async entries(keys: readonly string[]): Promise<(string | null)[]> {
    return until("all entries are filled", () => Promise.all(keys.map((key) => this.redis.get(key))), {
      holds: (texts) => !texts.includes(""),
      withinMs: TRUST_MS_MAX,
    });
  }

  async stop(): Promise<void> {
    await this.#go.stop();
    await this.#cache.close();
    await this.#database.close();
    this.redis.disconnect();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Our cache believes entries only once it has looked at the server. */
  async #untilTrusted(): Promise<void> {
    const { id } = await this.newPay();
    let status = 0;
    const isBelieved = async (): Promise<boolean> => {
      status += 1;
      await this.payView.findOne(id);
      await this.changeUnnoticed(id, status);
      return (await this.payView.findOne(id))?.status !== status;
    };
    await until("the cache believes an entry", isBelieved, { withinMs: TRUST_MS_MAX });
  }
}
