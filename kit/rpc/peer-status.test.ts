import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judgeCall } from "@mall/kit/resilience";
import { isPeerFault } from "./peer-load.ts";
import { fromBareStatus } from "./peer-status.ts";

/** As go-sql-driver wrote it for go-zero-mall (1.6), and writes it since 1.7. */
const bothDrivers = (number: number, state: string, text: string): string[] => [
  `Error ${number}: ${text}`,
  `Error ${number} (${state}): ${text}`,
];

function read(code: number, text: string) {
  return fromBareStatus({ service: "product.Product", code, text, cause: new Error(text) });
}

function seen(code: number, text: string) {
  const error = read(code, text);
  return [error.code, error.reason, error.message];
}

describe("what a Go peer refuses", () => {
  it("is the refusal that its text stands for, under every number that Go malls refuse with", () => {
    for (const code of [100, 500, 2, 1001]) {
      assert.deepEqual(seen(code, "用户不存在"), ["NOT_FOUND", "NOT_FOUND", "用户不存在"]);
      assert.deepEqual(seen(code, "该用户已存在"), ["ALREADY_EXISTS", "ALREADY_EXISTS", "该用户已存在"]);
      assert.deepEqual(seen(code, "订单已创建支付"), ["ALREADY_EXISTS", "ALREADY_EXISTS", "订单已创建支付"]);
    }
    assert.deepEqual(seen(100, "密码错误"), ["FAILED_PRECONDITION", "PEER_REFUSED", "密码错误"]);
    for (const code of [500, 2, 1001, 13, 8]) {
      assert.deepEqual(seen(code, "产品库存不足"), ["FAILED_PRECONDITION", "PEER_DECLINED", "产品库存不足"]);
    }
    assert.deepEqual(seen(500, "sold out"), ["FAILED_PRECONDITION", "PEER_DECLINED", "sold out"]);
  });

  it("speaks against nobody: neither to a breaker nor to the balancer", () => {
    for (const code of [100, 500, 2, 1001, 13, 8, 3, 5, 6, 7, 9, 10, 11]) {
      for (const text of ["产品库存不足", "订单已创建支付"]) {
        assert.equal(judgeCall(read(code, text)), "answered", `${code} ${text}`);
        assert.equal(isPeerFault(code, text), false, `${code} ${text}`);
      }
    }
    const values = bothDrivers(1264, "22003", "Out of range value for column 'stock' at row 1");
    const dead = bothDrivers(
      1213,
      "40001",
      "Deadlock found when trying to get lock; try restarting transaction",
    );
    for (const text of [...values, ...dead, "invalid connection", "redis: nil"]) {
      for (const code of [500, 2]) assert.equal(judgeCall(read(code, text)), "answered", text);
    }
    assert.equal(judgeCall(read(12, "unknown method DecrStock for service product.Product")), "answered");
  });

  it("keeps its canonical code and text", () => {
    assert.deepEqual(seen(10, "FAILURE"), ["ABORTED", "ABORTED", "FAILURE"]);
    assert.deepEqual(seen(7, "无权操作"), ["PERMISSION_DENIED", "PERMISSION_DENIED", "无权操作"]);
    assert.deepEqual(seen(9, "rpc error: code = Code(500) desc = 产品库存不足"), [
      "FAILED_PRECONDITION",
      "PEER_DECLINED",
      "产品库存不足",
    ]);
  });

  it("is read where a peer passes it on as a text, as the Go mall's callback does", () => {
    assert.deepEqual(seen(500, "rpc error: code = Code(100) desc = 订单不存在"), [
      "NOT_FOUND",
      "NOT_FOUND",
      "订单不存在",
    ]);
    assert.deepEqual(seen(500, "rpc error: code = NotFound desc = 订单不存在").slice(0, 1), ["NOT_FOUND"]);
    assert.deepEqual(seen(500, "rpc error: code = Unavailable desc = connection refused").slice(0, 1), [
      "UNAVAILABLE",
    ]);
    const deep = Array.from({ length: 9 }, () => "rpc error: code = Code(500) desc = ").join("");
    assert.deepEqual(seen(500, `${deep}x`), ["INTERNAL", "INTERNAL", "internal error"]);
  });
});

describe("what a Go peer lets slip of its database", () => {
  it("is the caller's fault where a value was refused, by its field and without SQL", () => {
    for (const text of [
      ...bothDrivers(
        1366,
        "22007",
        "Incorrect string value: '\\xF0\\x9F' for column `mall`.`user`.`name` at row 1",
      ),
      ...bothDrivers(1406, "22001", "Data too long for column 'name' at row 1"),
    ]) {
      for (const code of [500, 2, 3, 13]) {
        const error = read(code, text);
        if (code === 13) assert.equal(error.message, "internal error");
        else assert.deepEqual([error.code, error.field], ["INVALID_ARGUMENT", "name"]);
        assert.doesNotMatch(error.message, /mall|row|Error/);
      }
    }
  });

  it("is a row that is there already, without its key", () => {
    for (const text of bothDrivers(1062, "23000", "Duplicate entry '139' for key 'idx_mobile_unique'")) {
      assert.deepEqual(seen(500, text), [
        "ALREADY_EXISTS",
        "ALREADY_EXISTS",
        "product.Product: it exists already",
      ]);
    }
  });

  it("stays in the log where it is anything else", () => {
    for (const text of [
      ...bothDrivers(1146, "42S02", "Table 'mall.pay' doesn't exist"),
      ...bothDrivers(1045, "28000", "Access denied for user 'root'@'10.0.0.9' (using password: YES)"),
      "insert order: Error 1205: Lock wait timeout exceeded; try restarting transaction",
      "dial tcp 10.0.0.3:3306: connect: connection refused",
      "read tcp 10.0.0.1:40000->10.0.0.2:6379: i/o timeout",
      "dial tcp: lookup mysql on 127.0.0.11:53: no such host",
      "invalid connection",
      "driver: bad connection",
      "sql: database is closed",
      "redis: connection pool timeout",
      "LOADING Redis is loading the dataset in memory",
      "context deadline exceeded",
      "unexpected EOF",
      "runtime error: invalid memory address or nil pointer dereference",
      "panic: 库存 runtime error",
      "open /etc/mall/secret.yaml: permission denied",
      "Received HTTP status code 418",
      "",
    ]) {
      for (const code of [500, 2, 1001]) {
        assert.deepEqual(seen(code, text), ["INTERNAL", "PEER_FAILED", "internal error"], text);
      }
    }
  });

  it("does not come along with a canonical code either", () => {
    const text = "Error 1146: Table 'mall.pay' doesn't exist";
    for (const code of [3, 5, 9, 10]) assert.doesNotMatch(read(code, text).message, /mall\.pay|Table/);
    assert.equal(
      read(3, "dial tcp 10.0.0.3:3306: connect: connection refused").message,
      "product.Product refused",
    );
  });
});

describe("a Go peer that protects itself", () => {
  it("is told from one that refuses, in the codes of both versions of go-zero", () => {
    for (const code of [2, 14, 500]) {
      assert.deepEqual(seen(code, "circuit breaker is open").slice(0, 2), ["UNAVAILABLE", "BREAKER_OPEN"]);
    }
    for (const code of [2, 8]) {
      assert.deepEqual(seen(code, "service overloaded").slice(1, 2), ["SERVICE_OVERLOADED"]);
      assert.equal(judgeCall(read(code, "service overloaded")), "failed");
      assert.equal(isPeerFault(code, "service overloaded"), true);
    }
  });
});

describe("a method that a peer does not have", () => {
  it("is named, in the words of every library", () => {
    for (const text of [
      "unknown method DecrStock for service product.Product",
      "The server does not implement the method /product.Product/DecrStock",
      "method DecrStock not implemented",
    ]) {
      const [code, reason, message] = seen(12, text);
      assert.deepEqual([code, reason], ["UNIMPLEMENTED", "METHOD_MISSING"]);
      assert.match(message ?? "", /^product\.Product has no method DecrStock: /);
    }
  });
});
