import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { chinaTime, momentOf } from "./china-time.ts";
import { fenOf, yuanOf } from "./yuan.ts";

it("every amount goes to yuan and comes back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), (fen) => fenOf(yuanOf(fen)) === fen),
  );
  fc.assert(fc.property(fc.nat(100_000), (fen) => fenOf(yuanOf(fen)) === fen));
  assert.deepEqual([0, 1, 10, 100, 8880, 4_294_967_295].map(yuanOf), [
    ...["0.00", "0.01", "0.10", "1.00", "88.80", "42949672.95"],
  ]);
});

it("what is no amount in yuan, or not exact in fen, is none", () => {
  assert.deepEqual(["88", "88.8", "88.80", "0.29", "9999999999999.99"].map(fenOf), [
    ...[8800, 8880, 8880, 29, 999_999_999_999_999],
  ]);
  const none = [
    "",
    "-1",
    "+1",
    "1.",
    ".5",
    "1.234",
    "01",
    "1e2",
    "0x1",
    " 1",
    "1\n",
    "1,000",
    "¥1",
    "NaN",
    "１",
  ];
  for (const text of [...none, "99999999999999.99", "9".repeat(1e5)])
    assert.equal(fenOf(text), undefined, text);
});

it("times are China's, whatever the zone of the process", () => {
  const zone = process.env.TZ;
  try {
    for (const each of ["UTC", "America/New_York", "Asia/Shanghai"]) {
      process.env.TZ = each;
      assert.equal(chinaTime(Date.parse("2026-12-31T16:00:00.999Z")), "2027-01-01 00:00:00");
      assert.equal(momentOf("2027-01-01 00:00:00"), Date.parse("2026-12-31T16:00:00Z"));
      assert.equal(momentOf("2026-11-28 18:00:00.320"), Date.parse("2026-11-28T10:00:00Z"));
    }
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
  for (const none of [
    "",
    "2026-02-30 00:00:00",
    "2026-13-01 00:00:00",
    "2026-01-01 24:00:00",
    "2026-01-01T00:00:00Z",
  ])
    assert.equal(momentOf(none), undefined, none);
});
