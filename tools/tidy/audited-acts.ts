import { type Finding, isTest, lineAt, type RepositoryFile, type Rule } from "./repository.ts";

const DOCUMENT = "docs/operations.md";
const TABLE = "<!-- test: audited acts -->\n";

/** Methods that write and are no act of staff; why, says the document. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  // What customers do for themselves, and staff in their name.
  "/user.User/Login",
  "/user.User/Register",
  "/user.User/ChangePassword",
  "/order.Order/Create",
  "/pay.Pay/Prepay",
  // A channel's word.
  "/pay.Pay/Callback",
  "/pay.Pay/Notify",
  // Services among themselves, and a DTM server with them.
  "/product.Product/DecrStock",
  "/product.Product/DecrStockRevert",
  "/order.Order/CreateRevert",
  "/order.Order/Paid",
  "/order.Order/Reopen",
  "/order.Order/Refunded",
  "/order.Order/Expire",
  "/pay.Pay/OrderPaid",
  "/pay.Pay/QueryPrepared",
]);

/** Whoever adds a method that writes decides whether it is an act of staff, and an act has a test that sees it written. */
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
        .filter(({ method }) => !acts.has(method) && !LEFT_OUT.has(method))
        .map(({ method, finding }) =>
          finding(`${method} is neither in the table of ${DOCUMENT} nor left out`),
        ),
      ...unmet(
        LEFT_OUT,
        new Set(writes.map(({ method }) => method)),
        "is left out, and there is no such method",
      ),
      ...[...acts]
        .filter((act) => !tests.some(({ text }) => text.includes(`"${act}"`)))
        .map((act) => ({ path: DOCUMENT, line: 0, message: `no test sees that ${act} is written down` })),
    ];
  },
};

function unmet(names: ReadonlySet<string>, known: ReadonlySet<string>, message: string): Finding[] {
  const missing = [...names].filter((name) => !known.has(name));
  return missing.map((name) => ({
    path: "tools/tidy/audited-acts.ts",
    line: 0,
    message: `${name} ${message}`,
  }));
}

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
  finding(message: string): Finding;
}

/** The methods of a proto that do not say that asking twice is as good as once. */
function writesOf(file: RepositoryFile): Write[] {
  const service = /^service (\w+) \{/m.exec(file.text)?.[1] ?? "";
  const prefix = `/${/^package (\w+);/m.exec(file.text)?.[1] ?? ""}.${service}/`;
  const found = file.text.matchAll(/^ {4}rpc (\w+)\([^)]*\) returns\([^)]*\)(;| \{[^}]*\})/gm);
  return [...found]
    .filter(([, , options = ""]) => !options.includes("idempotency_level"))
    .map(({ 1: name = "", index }) => ({
      method: prefix + name,
      finding: (message) => ({ path: file.path, line: lineAt(file.text, index), message }),
    }));
}
