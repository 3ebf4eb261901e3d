import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { splitStatements } from "./split-statements.ts";

test("comments go, whatever looks like one inside a string or name stays", () => {
  const source = [
    "-- head; not a statement",
    "SELECT 'a -- b; /* c */ # d', \"--\", `;#`, 1--2 -- tail",
    "  # alone",
    "  /* over",
    "     lines */ FROM t; ;",
    "--",
    "SELECT 'it''s', '\\';' # end",
  ].join("\n");
  const statements = splitStatements(source, "a.sql");
  assert.deepEqual(
    statements.map((statement) => statement.text),
    ["SELECT 'a -- b; /* c */ # d', \"--\", `;#`, 1--2\n   FROM t", "SELECT 'it''s', '\\';'"],
  );
  for (const { masked, start } of statements)
    assert.equal(source.slice(start, start + 6), masked.slice(0, 6));
});

test("what stands in a dump between a line of another DELIMITER and that of the semicolon is no statement", () => {
  const source = [
    "DELIMITER ;",
    "SELECT 1;",
    "delimiter $$",
    "CREATE TRIGGER t BEGIN SELECT 2; END$$",
    "DELIMITER ;;",
    "SELECT 3;;",
    " DELIMITER ; \r",
    "SELECT 4;",
    "DELIMITER ;",
    "SELECT 5;",
    "DELIMITER //",
    "SELECT 6;",
  ].join("\n");
  const texts = splitStatements(source, "a.sql", true).map(({ text }) => text.split("\n").at(-1));
  assert.deepEqual(texts, ["DELIMITER", "SELECT 1", "SELECT 4", "DELIMITER", "SELECT 5", "SELECT 6"]);
  assert.equal(splitStatements(source, "a.sql", true).at(-1)?.start, source.indexOf("DELIMITER //"));
});

const word = fc.constantFrom(
  "SELECT",
  "a",
  "1",
  "(",
  ",",
  "'x;y'",
  "'it''s'",
  '"--"',
  "`#`",
  "'/*'",
  "'\\''",
);
const comment = fc.constantFrom("", "-- x; 'y\n", '# " `\n', "/* ; ' */", "/* \n */", "--\n");
const statement = fc.array(fc.tuple(word, comment), { minLength: 1, maxLength: 6 });

test("any mix of strings, names and comments splits into its statements, every character in its place", () => {
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 4 }), (statements) => {
      const source = statements
        .map((pieces) => pieces.map(([text, note]) => `${text} ${note}`).join(" "))
        .join(";");
      const split = splitStatements(source, "a.sql");
      const words = (text: string): string => text.replaceAll(/\s+/g, " ");
      assert.deepEqual(
        split.map(({ text }) => words(text)),
        statements.map((pieces) => pieces.map(([text]) => text).join(" ")),
      );
      for (const { masked, start } of split) {
        assert.equal(masked.length <= source.length - start, true);
        [...masked].forEach((character, index) => {
          if (character.trim() !== "") assert.equal(character, source[start + index]);
        });
      }
    }),
  );
});
