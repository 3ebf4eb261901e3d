import { type ScryptOptions, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { AppError } from "@mall/kit/errors";
import { Breakers, isRefusal, runBehind, type Verdict } from "@mall/kit/resilience";
import { systemRuntime } from "@mall/kit/runtime";
import type { Database, RawRow, SqlValue } from "@mall/kit/store";
import { type GoCalls, type GoMethods, GoStatus } from "@mall/kit/testing";
import type { OrderClient } from "@mall/order/rpc";
import type { PayClient } from "@mall/pay/rpc";
import type { ProductClient } from "@mall/product/rpc";
import type { UserClient } from "@mall/user/rpc";
import { SEED_SALT } from "../support/mall.ts";
import { goText } from "./go-text.ts";

// What go-zero-mall's rpc processes do (services/*/rpc/internal/logic of its main branch), with their statements and
// their weaknesses: checks before inserts, whole rows written back, zero that cannot be told from unset.

const scryptAsync = promisify<string, string, number, ScryptOptions, Buffer>(scrypt);

const BUSINESS = 100;
const FAILURE = 500;

const DUPLICATE_ENTRY = 1062;

const BREAKERS = new Breakers({ runtime: systemRuntime, onRefusal: () => {} });

/** The neighbours of a Go process. What they fail with is passed on as it is. */
export interface GoNeighbours {
  readonly user: Pick<GoCalls<UserClient>, "userInfo">;
  readonly product: Pick<GoCalls<ProductClient>, "detail" | "update">;
  readonly order: Pick<GoCalls<OrderClient>, "detail" | "paid">;
}

export function goUser(database: Database): GoMethods<UserClient> {
  const { find, write } = statements(database);
  const answer = (row: RawRow) => ({
    id: num(row.id),
    name: text(row.name),
    gender: num(row.gender),
    mobile: text(row.mobile),
  });
  return {
    login: async ({ mobile, password }) => {
      const row = await find("SELECT * FROM user WHERE mobile = ? LIMIT 1", [mobile]);
      if (row === undefined) throw new GoStatus(BUSINESS, "用户不存在");
      if (row.password !== (await goHash(password))) throw new GoStatus(BUSINESS, "密码错误");
      return { ...answer(row), role: 0 };
    },
    register: async ({ name, gender, mobile, password }) => {
      if ((await find("SELECT * FROM user WHERE mobile = ? LIMIT 1", [mobile])) !== undefined) {
        throw new GoStatus(BUSINESS, "该用户已存在");
      }
      const id = await write("INSERT INTO user (name, gender, mobile, password) VALUES (?, ?, ?, ?)", [
        name,
        gender,
        mobile,
        await goHash(password),
      ]);
      return { id, name, gender, mobile };
    },
    userInfo: async ({ id }) => {
      const row = await find("SELECT * FROM user WHERE id = ? LIMIT 1", [id]);
      if (row === undefined) throw new GoStatus(BUSINESS, "用户不存在");
      return answer(row);
    },
  };
}

export function goProduct(database: Database): GoMethods<ProductClient> {
  const { find, write } = statements(database);
  const required = async (id: number): Promise<RawRow> => {
    const row = await find("SELECT * FROM product WHERE id = ? LIMIT 1", [id]);
    if (row === undefined) throw new GoStatus(BUSINESS, "产品不存在");
    return row;
  };
  return {
    create: async ({ name, desc, stock, amount, status }) => ({
      id: await write("INSERT INTO product (name, `desc`, stock, amount, status) VALUES (?, ?, ?, ?, ?)", [
        name,
        desc,
        stock,
        amount,
        status,
      ]),
    }),
    update: async ({ id, name, desc, stock, amount, status }) => {
      const row = await required(id);
      const whole = [
        name || row.name,
        desc || row.desc,
        stock || row.stock,
        amount || row.amount,
        status || row.status,
      ];
      const sql = "UPDATE product SET name = ?, `desc` = ?, stock = ?, amount = ?, status = ? WHERE id = ?";
      await write(sql, [...whole.map(cell), id]);
      return {};
    },
    remove: async ({ id }) => {
      await required(id);
      await write("DELETE FROM product WHERE id = ?", [id]);
      return {};
    },
    detail: async ({ id }) => {
      const row = await required(id);
      const { name, desc, stock, amount, status } = row;
      return {
        id,
        name: text(name),
        desc: text(desc),
        stock: num(stock),
        amount: num(amount),
        status: num(status),
      };
    },
  };
}

export function goOrder(database: Database, { user, product }: GoNeighbours): GoMethods<OrderClient> {
  const { find, findAll, write } = statements(database);
  const required = async (id: number): Promise<RawRow> => {
    const row = await find("SELECT * FROM `order` WHERE id = ? LIMIT 1", [id]);
    if (row === undefined) throw new GoStatus(BUSINESS, "订单不存在");
    return row;
  };
  const save = (row: RawRow): Promise<number> =>
    write("UPDATE `order` SET uid = ?, pid = ?, amount = ?, status = ? WHERE id = ?", [
      ...[row.uid, row.pid, row.amount, row.status].map(cell),
      num(row.id),
    ]);
  return {
    create: async ({ uid, pid, amount }) => {
      await user.userInfo({ id: uid });
      const { stock, ...read } = await product.detail({ id: pid });
      if (stock <= 0) throw new GoStatus(FAILURE, "产品库存不足");
      const id = await write("INSERT INTO `order` (uid, pid, amount, status) VALUES (?, ?, ?, 0)", [
        uid,
        pid,
        amount,
      ]);
      await product.update({ ...read, stock: stock - 1 });
      return { id };
    },
    update: async ({ id, uid, pid, amount, status }) => {
      const row = await required(id);
      await save({
        ...row,
        uid: uid || row.uid,
        pid: pid || row.pid,
        amount: amount || row.amount,
        status: status || row.status,
      });
      return {};
    },
    remove: async ({ id }) => {
      await required(id);
      await write("DELETE FROM `order` WHERE id = ?", [id]);
      return {};
    },
    detail: async ({ id }) => orderOf(await required(id)),
    list: async ({ uid }) => {
      await user.userInfo({ id: uid });
      return { data: (await findAll("SELECT * FROM `order` WHERE uid = ?", [uid])).map(orderOf) };
    },
    paid: async ({ id }) => {
      await save({ ...(await required(id)), status: 1 });
      return {};
    },
  };
}

function orderOf(row: RawRow) {
  const { id, uid, pid, amount, status } = row;
  return {
    id: num(id),
    uid: num(uid),
    pid: num(pid),
    amount: num(amount),
    status: num(status),
    num: 0,
    expireTime: 0,
  };
}

/**
 * An order's payment that was not there stays so in Go's cache for a minute, also when it is created: here for good. A
 * second one is met by our unique index, and told in SQL.
 */
export function goPay(database: Database, { user, order }: GoNeighbours): GoMethods<PayClient> {
  const { find, write } = statements(database);
  const missing = new Set<number>();
  const required = async (id: number): Promise<RawRow> => {
    const row = await find("SELECT * FROM pay WHERE id = ? LIMIT 1", [id]);
    if (row === undefined) throw new GoStatus(BUSINESS, "支付不存在");
    return row;
  };
  return {
    create: async ({ uid, oid, amount }) => {
      await user.userInfo({ id: uid });
      await order.detail({ id: oid });
      if (!missing.has(oid) && (await find("SELECT * FROM pay WHERE oid = ? LIMIT 1", [oid])) !== undefined) {
        throw new GoStatus(BUSINESS, "订单已创建支付");
      }
      missing.add(oid);
      return {
        id: await write("INSERT INTO pay (uid, oid, amount, source, status) VALUES (?, ?, ?, 0, 0)", [
          uid,
          oid,
          amount,
        ]),
      };
    },
    detail: async ({ id }) => {
      const { uid, oid, amount, source, status } = await required(id);
      return {
        ...EMPTY_PAY,
        id,
        uid: num(uid),
        oid: num(oid),
        amount: num(amount),
        source: num(source),
        status: num(status),
      };
    },
    callback: async ({ id, uid, oid, amount, source, status }) => {
      await user.userInfo({ id: uid });
      await order.detail({ id: oid });
      const row = await required(id);
      if (num(row.amount) !== amount) throw new GoStatus(BUSINESS, "支付金额与订单金额不符");
      await write("UPDATE pay SET source = ?, status = ? WHERE id = ?", [source, status, id]);
      try {
        await order.paid({ id: oid });
      } catch (error) {
        throw new GoStatus(FAILURE, goText(error));
      }
      return {};
    },
  };
}

/** What only our payments have; zero is not sent. */
const EMPTY_PAY = {
  currency: "",
  refundedAmount: 0,
  refundingAmount: 0,
  expireTime: 0,
  paidTime: 0,
  heldReason: "",
};

/** go-zero-mall's hash: scrypt with one salt for all. */
async function goHash(password: string): Promise<string> {
  const cost = { N: 32768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
  return (await scryptAsync(password, SEED_SALT, 32, cost)).toString("hex");
}

/**
 * Statements whose errors are told as the mall's logic tells its driver's. One breaker stands before all of a process,
 * and opens where values are refused too.
 */
function statements(database: Database) {
  const breaker = BREAKERS.create("sql", "mall");
  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await runBehind(breaker, judgeStatement, work);
    } catch (error) {
      throw new GoStatus(FAILURE, driverText(error));
    }
  };
  return {
    find: async (sql: string, parameters: readonly SqlValue[]): Promise<RawRow | undefined> =>
      (await told(() => database.read({ sql, parameters })))[0],
    findAll: (sql: string, parameters: readonly SqlValue[]): Promise<readonly RawRow[]> =>
      told(() => database.read({ sql, parameters })),
    write: async (sql: string, parameters: readonly SqlValue[]): Promise<number> =>
      (await told(() => database.write({ sql, parameters }))).insertId,
  };
}

/** What the database said of a statement. */
function driverError(error: unknown): { readonly number: number; readonly said: string } {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  const number = Number(Reflect.get(Object(cause), "errno") ?? 0);
  return { number, said: cause instanceof Error ? cause.message : String(cause) };
}

/** go-sql-driver's text of an error, or go-zero's of a statement that was not tried. */
function driverText(error: unknown): string {
  if (error instanceof AppError && isRefusal(error)) return error.message;
  const { number, said } = driverError(error);
  return number > 0 ? `Error ${number}: ${said}` : "invalid connection";
}

function judgeStatement(error: unknown): Verdict {
  return driverError(error).number === DUPLICATE_ENTRY ? "answered" : "failed";
}

function num(value: unknown): number {
  return Number(value);
}

function text(value: unknown): string {
  return String(value);
}

function cell(value: unknown): SqlValue {
  return typeof value === "number" ? value : String(value);
}
