import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { endOf } from "@mall/kit/testing";
import { machine } from "../report.ts";
import { type BenchMall, type Kind, NAMES, startBenchMall } from "./malls.ts";
import { type Filling, fillPast } from "./past.ts";
import { circumstances, purchaseTable } from "./report.ts";
import type { Runs } from "./runs.ts";
import { say } from "./say.ts";
import { alternate, SPREAD } from "./scenes.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** Past purchases of one person. */
const PURCHASES_A_PERSON = 10;
const PEOPLE_MAX = 1_000_000;
/** What a purchase of the past takes on the disk, and while indexes are sorted; half of it without the books. */
const BYTES_A_PURCHASE = 1200;

/** Begins a placement's part of the results page. */
export function filledHeading(kind: Kind): string {
  return `## A whole purchase beside those of the past: ${NAMES[kind]}`;
}

interface Shape {
  readonly kind: Kind;
  readonly runs: Runs;
  /** Past purchases of the mall that has some. */
  readonly rows: number;
  /** Whether it has attempts and books too, and not only orders and payments. */
  readonly hasBooks: boolean;
  /** Of MariaDB, as its option has it. */
  readonly bufferPool: string;
}

/** Measures a placement without and with a past; gives its part of the results page. */
export async function measureBesidePast(shape: Shape): Promise<string> {
  const { kind, rows, hasBooks, runs, bufferPool } = shape;
  checkRoom(hasBooks ? rows : rows / 2);
  const written = hasBooks
    ? "a paid order, a payment, its attempt and its entry in the books"
    : "a paid order and a payment";
  const options = hasBooks ? "" : " --without-books";
  const server = kind === "embedded" ? "" : ` MariaDB with a buffer pool of ${bufferPool}.`;
  return `${[
    filledHeading(kind),
    "",
    `64 clients and 64 products, with an empty database and with one where ${rows} purchases were made before: each ${written}. Each purchase is by somebody else of ${peopleOf(rows)} people.${server} ${circumstances(runs)} Made by \`npm run bench:purchase -- --filled ${rows}${options} --placements ${kind}\`.`,
    "",
    machine(),
    ...(await besidePast(shape)),
  ].join("\n")}\n`;
}

async function besidePast({ kind, rows, hasBooks, runs, bufferPool }: Shape): Promise<string[]> {
  const name = NAMES[kind];
  const people = peopleOf(rows);
  const fillings: Filling[] = [];
  const malls: BenchMall[] = [];
  const shop = { users: SPREAD.clients, products: SPREAD.products };
  const start = async (title: string, purchases: number): Promise<void> => {
    say(`filling ${name} with ${purchases} purchases`);
    const prepare = async (dataSource: string): Promise<void> => {
      fillings.push(await fillPast(dataSource, { purchases, shop, people, hasBooks }));
    };
    const mariadb = [`--innodb-buffer-pool-size=${bufferPool}`];
    malls.push(await startBenchMall({ kind, name: title, shop, checkout: ROOT, mariadb, prepare }));
  };
  try {
    await start(`${name}, empty`, 0);
    await start(`${name}, filled`, rows);
    const found = await alternate(malls, { ...SPREAD, people }, runs);
    const scene = { name: "spread", title: name, found };
    const took = fillings.at(-1);
    const text = `Filled in ${took?.seconds.toFixed(0)} s, ${((took?.bytes ?? 0) / 2 ** 30).toFixed(2)} GiB.`;
    return ["", text, "", ...purchaseTable(scene, `${name}, empty`)];
  } finally {
    for (const mall of malls) await mall.stop();
  }
}

function peopleOf(rows: number): number {
  return Math.min(PEOPLE_MAX, Math.max(SPREAD.clients, Math.round(rows / PURCHASES_A_PERSON)));
}

function checkRoom(purchases: number): void {
  const { bavail, bsize } = statfsSync(tmpdir());
  const needed = purchases * BYTES_A_PURCHASE;
  if (bavail * bsize >= needed) return;
  endOf(`${tmpdir()} has no room for ${Math.ceil(needed / 2 ** 30)} GiB of purchases`);
}
