import { type Finding, isTest, lineAt, type RepositoryFile, type Rule } from "./repository.ts";

const DOCUMENT = "docs/operations.md";
const TABLE = "<!-- test: audited acts -->\n";

/**
 * Whoever adds a method that writes decides whether it is an act of staff, and an act has a test that sees it written.
 * One that is none says so in its contract, in a line over it: `// No act of staff: customers do it for themselves.`
 */
export const auditedActs: Rule = {
  name: "every method that writes is an audited act or known to be none",
  check(files) {
    const document = files.find(({ path }) => path === DOCUMENT);
    const acts = actsIn(document?.text ?? "");
    const writes = files
      .filter(({ path }) => /^services\/\w+\/rpc\/\w+\.proto$/.test(path))
      .flatMap(writesOf);
    const tests = files.filter(({ path }) => /^(kit|services|cli)\//.test(path) && isTest(path));
    return [
      ...writes
        .filter(({ method, leftOut }) => acts.has(method) === leftOut)
        .map(({ method, leftOut, finding }) =>
          finding(
            leftOut
              ? `${method} is in the table of ${DOCUMENT}, and says that it is no act of staff`
              : `${method} is not in the table of ${DOCUMENT}, and no line "// No act of staff: WHY" stands over it`,
          ),
        ),
      ...[...acts]
        .filter((act) => !tests.some(({ text }) => text.includes(`"${act}"`)))
        .map((act) => ({ path: DOCUMENT, line: 0, message: `no test sees that ${act} is written down` })),
    ];
  },
};

/** The operations of the table: methods and commands. */
function actsIn(text: string): Set<string> {
  const start = text.indexOf(TABLE);
  const [table = ""] = start < 0 ? [] : text.slice(start + TABLE.length).split("\n\n");
  const [, , ...rows] = table.split("\n");
  const cells = rows.map((row) => row.split("|").at(-2) ?? "");
  return new Set(cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name)));
}

interface Write {
  readonly method: string;
  /** Whether its contract says that it is no act of staff. */
  readonly leftOut: boolean;
  finding(message: string): Finding;
}

/** The methods of a proto that do not say that asking twice is as good as once. */
function writesOf(file: RepositoryFile): Write[] {
  const service = /^service (\w+) \{/m.exec(file.text)?.[1] ?? "";
  const prefix = `/${/^package (\w+);/m.exec(file.text)?.[1] ?? ""}.${service}/`;
  const found = file.text.matchAll(
    /^((?: *\/\/.*\n)*) *rpc (\w+) *\([^)]*\) *returns *\([^)]*\)( *;| *\{[^}]*\})/gm,
  );
  return [...found]
    .filter(([, , , options = ""]) => !options.includes("idempotency_level"))
    .map(({ 1: comment = "", 2: name = "", index }) => ({
      method: prefix + name,
      leftOut: /^ *\/\/ No act of staff: \S/m.test(comment),
      finding: (message) => ({ path: file.path, line: lineAt(file.text, index + comment.length), message }),
    }));
}
