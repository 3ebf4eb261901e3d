import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import fc from "fast-check";
import { type MysqlSource, parseDataSource } from "./data-source.ts";

describe("data source", () => {
  it("reads the DSN of the mall's configuration as go-sql-driver does", () => {
    const text = "root:123456@tcp(mysql:3306)/mall?charset=utf8mb4&parseTime=true&loc=Asia%2FShanghai";
    assert.deepEqual(parseDataSource(text), {
      dialect: "mysql",
      user: "root",
      password: "123456",
      address: { host: "mysql", port: 3306 },
      database: "mall",
      zone: "Asia/Shanghai",
      zoneIsLocal: false,
      tls: "off",
      plaintextAllowed: false,
      connectTimeoutMs: 10_000,
      readTimeoutMs: 5_000,
      sessionVariables: {},
    });
  });

  it("fills missing parts with go-sql-driver's defaults", () => {
    const address = (text: string) => parseMysql(text).address;
    assert.deepEqual(address("/mall"), { host: "127.0.0.1", port: 3306 });
    assert.deepEqual(address("tcp(db)/mall"), { host: "db", port: 3306 });
    assert.deepEqual(address("tcp([::1]:3307)/mall"), { host: "::1", port: 3307 });
    assert.deepEqual(address("unix/mall"), { socketPath: "/tmp/mysql.sock" });
    assert.deepEqual(address("u@unix(/run/mysqld/mysqld.sock)/mall"), {
      socketPath: "/run/mysqld/mysqld.sock",
    });
    assert.deepEqual(parseMysql("/mall").zone, "UTC");
  });

  it("reads SQLite paths", () => {
    assert.deepEqual(parseDataSource("sqlite:data/mall.db"), { dialect: "sqlite", path: "data/mall.db" });
    assert.deepEqual(parseDataSource("sqlite::memory:"), { dialect: "sqlite", path: ":memory:" });
  });

  it("turns unknown parameters into session variables, as Go does", () => {
    const { sessionVariables } = parseMysql("/mall?time_zone=%27%2B08%3A00%27&innodb_lock_wait_timeout=5");
    assert.deepEqual(sessionVariables, { time_zone: "'+08:00'", innodb_lock_wait_timeout: "5" });
  });

  it("reads durations, tls and Local", () => {
    assert.equal(parseMysql("/mall?timeout=1m30.5s").connectTimeoutMs, 90_500);
    assert.equal(parseMysql("/mall?readTimeout=1m").readTimeoutMs, 60_000);
    assert.equal(parseMysql("/mall?readTimeout=0").readTimeoutMs, 0);
    assert.equal(parseMysql("/mall?tls=skip-verify").tls, "skip-verify");
    assert.equal(parseMysql("/mall?tls=TRUE").tls, "verify");
    assert.equal(parseMysql("/mall?loc=Local").zone, new Intl.DateTimeFormat().resolvedOptions().timeZone);
  });

  it("takes every parameter of go-sql-driver's documentation: honoured, without effect, or refused by name", () => {
    // README.md of github.com/go-sql-driver/mysql v1.9.3, each with its own example or default.
    const documented = [
      ...["allowAllFiles=true", "allowCleartextPasswords=true", "allowFallbackToPlaintext=true"],
      ...[
        "allowNativePasswords=false",
        "allowOldPasswords=false",
        "charset=utf8mb4,utf8",
        "checkConnLiveness=false",
      ],
      ...[
        "collation=utf8mb4_general_ci",
        "clientFoundRows=true",
        "columnsWithAlias=true",
        "interpolateParams=true",
      ],
      ...[
        "loc=US%2FPacific",
        "timeTruncate=1us",
        "maxAllowedPacket=67108864",
        "multiStatements=true",
        "parseTime=true",
      ],
      ...[
        "readTimeout=30s",
        "rejectReadOnly=true",
        "serverPubKey=",
        "timeout=30s",
        "tls=preferred",
        "writeTimeout=30s",
      ],
      ...["connectionAttributes=program_name:mall,_note:x", "compress=true"],
    ];
    for (const parameter of documented)
      assert.deepEqual(parseMysql(`/mall?${parameter}`).sessionVariables, {}, parameter);
    const { tls, plaintextAllowed } = parseMysql("/mall?tls=preferred");
    assert.deepEqual([tls, plaintextAllowed], ["skip-verify", true]);
    const strict = parseMysql("/mall?tls=true&allowFallbackToPlaintext=true");
    assert.deepEqual([strict.tls, strict.plaintextAllowed], ["verify", true]);
  });

  const wrong: [text: string, part: RegExp][] = [
    ["root:secret@tcp(mysql:3306)", /"\/" before the database name/],
    ["root:secret@tcp(mysql:3306)/", /database name/],
    ["root:secret@tcp(mysql:3306/mall", /end with "\)"/],
    ["root:secret@tcp(mysql:99999)/mall", /port/],
    ["root:secret@tcp(:3306)/mall", /without a host/],
    ["root:secret@tcp(a b:c)/mall", /address/],
    ["root:secret@udp(mysql)/mall", /network/],
    ["root:secret@tcp(mysql)/mall?loc=Asia/Shanghai", /%2F/],
    ["root:secret@tcp(mysql)/mall?loc=Nowhere", /"loc"/],
    ["root:secret@tcp(mysql)/mall?tls=custom", /"tls"/],
    ["root:secret@tcp(mysql)/mall?allowOldPasswords=true", /"allowOldPasswords", which is refused/],
    ["root:secret@tcp(mysql)/mall?serverPubKey=mine", /"serverPubKey", which is refused/],
    ["root:secret@tcp(mysql)/mall?allowFallbackToPlaintext=maybe", /"allowFallbackToPlaintext"/],
    ["root:secret@tcp(mysql)/mall?parsetime=true", /"parsetime", which is written "parseTime"/],
    ["root:secret@tcp(mysql)/mall?timeout=soon", /"timeout"/],
    ["root:secret@tcp(mysql)/mall?sql_mode=''", /"sql_mode"/],
    ["root:secret@tcp(mysql)/mall?a=1;DROP", /"a"/],
    ["root:secret@tcp(mysql)/mall?a=%zz", /"a"/],
    ["root:secret@tcp(mysql)/mall?a", /name=value/],
    ["sqlite:", /path/],
    ["", /"\/"/],
  ];
  for (const [text, part] of wrong) {
    it(`says what is wrong with ${text}, without the password`, () => {
      assert.throws(
        () => parseDataSource(text),
        (error) => {
          assert.ok(error instanceof AppError);
          assert.match(error.message, part);
          assert.ok(!error.message.includes("secret"));
          return error.field === "dataSource";
        },
      );
    });
  }

  it("gives back any user, password, host, port and database that a DSN was made of", () => {
    const word = fc.stringMatching(/^[A-Za-z0-9_]+$/);
    const password = fc.string().filter((text) => !/[/]/.test(text));
    const address = fc.tuple(word, fc.integer({ min: 1, max: 65_535 }));
    fc.assert(
      fc.property(fc.tuple(word, password), address, word, ([user, secret], [host, port], database) => {
        const source = parseMysql(`${user}:${secret}@tcp(${host}:${port})/${database}?parseTime=true`);
        assert.deepEqual(source.address, { host, port });
        assert.deepEqual([source.user, source.password, source.database], [user, secret, database]);
      }),
    );
  });

  it("answers any text with a source or with INVALID_ARGUMENT", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseDataSource(text);
        } catch (error) {
          assert.ok(error instanceof AppError && error.code === "INVALID_ARGUMENT");
        }
      }),
    );
  });
});

function parseMysql(text: string): MysqlSource {
  const source = parseDataSource(text);
  assert.ok(source.dialect === "mysql");
  return source;
}
