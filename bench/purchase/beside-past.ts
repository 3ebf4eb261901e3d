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

/** Begins the part of the results page. */
export const FILLED_HEADING = "## A whole purchase beside those of the past";

interface Shape {
  readonly kinds: readonly Kind[];
  readonly runs: Runs;
  /** Past purchases of the mall that has some. */
  readonly rows: number;
  /** Whether it has attempts and books too, and not only orders and payments. */
  readonly hasBooks: boolean;
  /** Of MariaDB, as its option has it. */
  readonly bufferPool: string;
}

/** Measures each placement without and with a past; gives the part of the results page. */
export async function measureBesidePast(shape: Shape): Promise<string> {
  const { rows, hasBooks, runs, bufferPool } = shape;
  checkRoom(hasBooks ? rows : rows / 2);
  const written = hasBooks
    ? "a paid order, a payment, its attempt and its entry in the books"
    : "a paid order and a payment";
  const options = hasBooks ? "" : " --without-books";
  const lines: string[] = [];
  for (const kind of shape.kinds) lines.push(...(await besidePast(kind, shape)));
  return `${[
    FILLED_HEADING,
    "",
    `64 clients and 64 products, with an empty database and with one where ${rows} purchases were made before: each ${written}. Each purchase is by somebody else of ${peopleOf(rows)} people. MariaDB with a buffer pool of ${bufferPool}. ${circumstances(runs)} Made by \`npm run bench:purchase -- --filled ${rows}${options}\`.`,
    "",
    machine(),
    ...lines,
  ].join("\n")}\n`;
}

async function besidePast(kind: Kind, shape: Shape): Promise<string[]> {
  const { rows, hasBooks, runs, bufferPool } = shape;
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
    const text = `Filled in ${took?.seconds.toFixed(0)} s, ${((took?.bytes ?? 0) / 2 ** 30).toFixed(2)} GiB:`;
    return ["", `${name}. ${text}`, "", ...purchaseTable(scene, `${name}, empty`)];
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
