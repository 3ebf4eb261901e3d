import assert from "node:assert/strict";
import { test } from "node:test";
import { Command, CommandLineEnd } from "./index.ts";

/** What a command line comes to: what the action was given, or what was said and how it ended. */
async function asked(...args: string[]): Promise<unknown> {
  let said = "";
  const program = new Command("shop", {
    out: (text) => {
      said += `out ${text}`;
    },
    err: (text) => {
      said += `err ${text}`;
    },
  })
    .version("1.2.3")
    .afterError("Commands: put");
  let given: unknown;
  const put = program
    .command("put")
    .description("puts something")
    .argument("<thing>", "what")
    .option("-t, --to <place>", "where to", "shelf")
    .option("--as [name]", "its name")
    .option("-n, --near <places...>", "near what")
    .option("--no-price", "without a price")
    .option("--dry-run", "say it only")
    .hiddenOption("--go_opt <option>");
  put.action<Record<string, unknown>>((flags, word) => {
    given = { ...flags, word };
  });
  program
    .command("take", { hidden: true })
    .requiredOption("--from <place>", "where from")
    .action(() => undefined);
  try {
    await program.run(args);
    return given;
  } catch (error) {
    assert.ok(error instanceof CommandLineEnd, String(error));
    return [said, error.wrong];
  }
}

const BARE = { word: "pen", to: "shelf", price: true };

test("flags have values as they are declared, before and behind the word", async () => {
  assert.deepEqual(await asked("put", "pen"), BARE);
  assert.deepEqual(await asked("put", "--to", "box", "pen"), { ...BARE, to: "box" });
  assert.deepEqual(await asked("put", "pen", "-t=box", "--dry-run"), { ...BARE, to: "box", dryRun: true });
  assert.deepEqual(await asked("put", "pen", "--no-price", "--go_opt=x"), {
    ...BARE,
    price: false,
    go_opt: "x",
  });
  assert.deepEqual(await asked("put", "pen", "--as"), { ...BARE, as: true });
  assert.deepEqual(await asked("put", "pen", "--as", "--dry-run"), { ...BARE, as: true, dryRun: true });
  assert.deepEqual(await asked("put", "pen", "--as", "quill"), { ...BARE, as: "quill" });
  assert.deepEqual(await asked("put", "-n", "ink,paper", "pen", "-n", "lamp"), {
    ...BARE,
    near: ["ink", "paper", "lamp"],
  });
  assert.deepEqual(await asked("put", "--", "-pen"), { ...BARE, word: "-pen" });
});

const WRONG: readonly (readonly [string, string])[] = [
  ["", "Usage: shop [options] [command]"],
  ["bring", "error: unknown command 'bring'\nCommands: put\n"],
  ["pit", "error: unknown command 'pit'\n(Did you mean put?)\nCommands: put\n"],
  ["help pit", "error: unknown command 'pit'\n(Did you mean put?)\nCommands: put\n"],
  ["--to", "error: unknown option '--to'\nCommands: put\n"],
  ["put", "error: missing required argument 'thing'\nCommands: put\n"],
  ["put a b", "error: too many arguments for 'put'. Expected 1 argument but got 2: a, b.\nCommands: put\n"],
  ["put a --tp b", "error: unknown option '--tp'\n(Did you mean --to?)\nCommands: put\n"],
  ["put a --to", "error: option '-t, --to <place>' argument missing\nCommands: put\n"],
  ["put a --dry-run=yes", "error: option '--dry-run' takes no value\nCommands: put\n"],
  ["take", "error: required option '--from <place>' not specified\nCommands: put\n"],
];

test("what is not understood is refused by name, with what is near to it", async () => {
  for (const [line, expected] of WRONG) {
    const [said, wrong] = (await asked(...line.split(" ").filter((word) => word !== ""))) as [
      string,
      boolean,
    ];
    assert.ok(said.startsWith(`err ${expected}`), `${line}: ${said}`);
    assert.equal(wrong, true, line);
  }
});

test("help tells of all but what is hidden, in whichever way it is asked for; the version is told", async () => {
  const help = `out Usage: shop put [options] <thing>

puts something

Arguments:
  thing  what

Options:
  -t, --to <place>        where to (default: shelf)
  --as [name]             its name
  -n, --near <places...>  near what
  --no-price              without a price
  --dry-run               say it only
  -h, --help              display help for command`;
  for (const line of ["put --help", "put pen -h", "help put"])
    assert.deepEqual(await asked(...line.split(" ")), [help, false]);
  const [whole] = (await asked("--help")) as [string];
  assert.match(whole, /Commands:\n {2}put \[options\] <thing> {2}puts something$/);
  for (const flag of ["-v", "--version"]) assert.deepEqual(await asked(flag), ["out 1.2.3", false]);
});
