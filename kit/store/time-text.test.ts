import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { utcTimeText, zoneTimeText } from "./time-text.ts";

describe("time text", () => {
  it("reads the wall clock of a zone", () => {
    const cases: [zone: string, text: string, instant: string][] = [
      ["UTC", "2024-01-02 03:04:05", "2024-01-02T03:04:05.000Z"],
      ["UTC", "2024-01-02 03:04:05.123456", "2024-01-02T03:04:05.123Z"],
      ["UTC", "2024-01-02", "2024-01-02T00:00:00.000Z"],
      ["Asia/Shanghai", "2024-01-02 03:04:05.9", "2024-01-01T19:04:05.900Z"],
      ["Asia/Kathmandu", "2024-01-02 05:45:00", "2024-01-02T00:00:00.000Z"],
      ["America/New_York", "2024-07-01 00:00:00", "2024-07-01T04:00:00.000Z"],
      ["America/New_York", "2024-12-01 00:00:00", "2024-12-01T05:00:00.000Z"],
    ];
    for (const [zone, text, instant] of cases)
      assert.equal(zoneTimeText(zone).toDate(text).toISOString(), instant);
  });

  it("decides times that the clock shows twice or never as Go's time.Date", () => {
    const newYork = zoneTimeText("America/New_York");
    assert.equal(newYork.toDate("2024-11-03 01:30:00").toISOString(), "2024-11-03T05:30:00.000Z");
    assert.equal(newYork.toDate("2024-03-10 02:30:00").toISOString(), "2024-03-10T06:30:00.000Z");
    assert.equal(newYork.toDate("2024-03-10 03:00:00").toISOString(), "2024-03-10T07:00:00.000Z");
  });

  it("reads MySQL's zero date as Go's zero time", () => {
    assert.equal(utcTimeText.toDate("0000-00-00 00:00:00").toISOString(), "0001-01-01T00:00:00.000Z");
  });

  it("gives back every instant that the clock does not show twice", () => {
    const date = fc.date({ min: new Date("1970-01-02"), max: new Date("2037-12-31"), noInvalidDate: true });
    for (const zone of ["UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]) {
      const times = zoneTimeText(zone);
      fc.assert(
        fc.property(date, (time) => {
          const text = times.toText(time);
          const back = times.toDate(text);
          assert.ok(back.getTime() === time.getTime() || times.toText(back) === text);
        }),
      );
    }
  });

  it("reads a time alike however many digits it is written with", () => {
    const date = fc.date({ min: new Date("0001-01-01"), max: new Date("9998-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(date, (time) => {
        const text = utcTimeText.toText(time);
        for (const written of [text, `${text}0`, text.replace(" ", "T")])
          assert.equal(utcTimeText.toDate(written).getTime(), time.getTime());
        const whole = text.slice(0, 19);
        assert.equal(utcTimeText.toDate(whole).getTime(), utcTimeText.toDate(`${whole}.0`).getTime());
      }),
    );
  });

  it("writes UTC as ISO does, but for the T and the Z", () => {
    const date = fc.date({ min: new Date("0001-01-01"), max: new Date("9998-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(date, (time) => {
        assert.equal(`${utcTimeText.toText(time).replace(" ", "T")}Z`, time.toISOString());
      }),
    );
  });

  it("refuses what is no time and what is no zone", () => {
    assert.throws(() => utcTimeText.toDate("yesterday"), RangeError);
    assert.throws(() => zoneTimeText("Nowhere"), RangeError);
  });
});
