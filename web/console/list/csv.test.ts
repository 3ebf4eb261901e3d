import assert from "node:assert/strict";
import { test } from "node:test";
import { csvText } from "./csv.ts";

const lineOf = (...row: (string | number)[]): string => csvText([row]).slice(1, -2);

test("cells are quoted where they have to be, and lines end as RFC 4180 wants them", () => {
  assert.equal(csvText([["a", 1], ["b"]]), "\ufeffa,1\r\nb\r\n");
  assert.equal(lineOf('say "hi", all', "two\nlines", "订单"), '"say ""hi"", all","two\nlines",订单');
});

test("no text is taken for a formula, and numbers stay numbers", () => {
  for (const text of ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
    assert.equal(lineOf(text), `"'${text}"`, text);
  assert.equal(lineOf('=HYPERLINK("http://evil")'), `"'=HYPERLINK(""http://evil"")"`);
  assert.equal(lineOf(-5, "-12.50", 0), "-5,-12.50,0");
});
