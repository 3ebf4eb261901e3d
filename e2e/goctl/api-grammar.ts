import fc from "fast-check";

const NAMES = ["Req", "Resp", "Item", "node"] as const;
const SCALARS = ["string", "int", "int64", "bool", "float64", "uint8", "byte", "int32"];
const TYPES = [
  "interface{}",
  "*string",
  "[]string",
  "[]int64",
  "[]byte",
  "[3]int",
  "[][]string",
  "map[string]int",
  "map[int64]string",
  "map[string]*Item",
  "map[string][]Item",
  "Item",
  "*Item",
  "[]Item",
  "[]*node",
];
/** What is wrong, or means different things to the two. */
const ODD_TYPES = ["any", "time.Time", "Missing", "[]struct{}", "map[Item]int"];
const OPTIONS = ["", "", "", ",optional", ",omitempty", ",string"];
const ODD_OPTIONS = [
  ",default=1",
  ",options=1|2",
  ",options=[1,2]",
  ",range=[1:9]",
  ",range=(:9)",
  ",optional=other",
];
const OTHER_TAGS = ["", ' validate:"required,max=9"', ' db:"a"', ' gorm:"column:a"'];

/** One of the usual ones, seldom an odd one: what is refused for one thing hides all others. */
function mostly(usual: readonly string[], odd: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  );
}

/** A field with or without a tag; the number keeps its names apart from those of others. */
function field(index: number): fc.Arbitrary<string> {
  const options = mostly(OPTIONS, ODD_OPTIONS);
  const named = fc.tuple(mostly(["json"], ["form", "path", "header"]), options);
  const tag = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(named, fc.constantFrom(...OTHER_TAGS)) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
  const parts = fc.tuple(
    fc.constantFrom(`F${index}`, `f${index}`),
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...SCALARS) },
      { weight: 12, arbitrary: fc.constantFrom(...TYPES) },
      { weight: 1, arbitrary: fc.constantFrom(...ODD_TYPES) },
    ),
    tag,
    fc.constantFrom("", " // a comment"),
  );
  return parts.map(([name, type, given, comment]) => {
    const text = given === undefined ? "" : ` \`${given[0][0]}:"f${index}${given[0][1]}"${given[1]}\``;
    return `  ${name} ${type}${text}${comment}`;
  });
}

function struct(name: string): fc.Arbitrary<string> {
  const fields = fc.tuple(field(0), field(1), field(2)).chain((all) => fc.subarray(all, { minLength: 1 }));
  const extra = fc.constantFrom(
    "",
    "",
    "",
    "  Item",
    "  *Item",
    '  Deep { A string `json:"a"` }',
    '  Hidden string `json:"-"`',
  );
  return fc.tuple(fields, extra).map(([lines, last]) => {
    // A type that embeds itself is none.
    const more = name === "Item" && last.endsWith("Item") ? "" : last;
    return `${name} {\n${[...lines, more].filter((line) => line !== "").join("\n")}\n}`;
  });
}

const SERVER_LINES = [
  "jwt: Auth",
  "group: admin",
  "group: admin/user",
  "prefix: /v1",
  "prefix: /v1/:tenant",
  "middleware: CheckOne",
  "middleware: CheckOne, CheckTwo",
  "timeout: 3s",
  "maxBytes: 1024",
  'tags: "a"',
  'summary: "b"',
  "unknown: x",
];
const ODD_SERVER_LINES = ["signature: true", "jwtTransition: Trans"];

function keyOf(line: string): string {
  return line.slice(0, line.indexOf(":"));
}

const SERVER = fc
  .uniqueArray(mostly([...SERVER_LINES, ...SERVER_LINES], ODD_SERVER_LINES), {
    maxLength: 4,
    selector: keyOf,
  })
  .map((lines) => (lines.length === 0 ? "" : `@server (\n  ${lines.join("\n  ")}\n)\n`));

function route(index: number): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom("", '  @doc "it"\n', '  @doc (\n    summary: "it"\n  )\n'),
      mostly([`Do${index}`, `do${index}`], ["Same"]),
      fc.constantFrom("get", "post", "put", "delete", "patch", "head"),
      mostly([`/p${index}`, `/p${index}/:f0`, `/a-b/c_${index}`], ["/", "/same", "/a/"]),
      mostly(["", " (Req)", " (Item)", " (node)"], [" (Missing)", " ()", " (*Req)", " ([]Req)"]),
      mostly(
        ["", " returns (Resp)", " returns ([]Item)"],
        [" returns (*Resp)", " returns ()", " returns (string)"],
      ),
    )
    .map(
      ([doc, handler, method, path, request, response]) =>
        `${doc}  @handler ${handler}\n  ${method} ${path}${request}${response}`,
    );
}

function service(name: string, first: number): fc.Arbitrary<string> {
  const routes = fc.tuple(route(first), route(first + 1)).chain((all) => fc.subarray(all, { minLength: 1 }));
  return fc
    .tuple(SERVER, routes)
    .map(([server, lines]) => `${server}service ${name} {\n${lines.join("\n")}\n}`);
}

const HEADS = ["", 'syntax = "v1"\n', 'syntax = "v1"\n\ninfo (\n  title: "it"\n  author: me\n)\n'];

/** A `.api` contract, mostly right. */
export const apiContract: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...HEADS),
    fc.tuple(...NAMES.map(struct)),
    fc.boolean(),
    service("it-api", 0),
    fc.option(
      fc.oneof({ weight: 5, arbitrary: service("it-api", 2) }, { weight: 1, arbitrary: service("other", 4) }),
    ),
  )
  .map(([head, types, grouped, one, other]) => {
    const written = grouped
      ? `type (\n${types.join("\n")}\n)`
      : types.map((text) => `type ${text}`).join("\n");
    return `${head}${written}\n${one}\n${other ?? ""}\n`;
  });
