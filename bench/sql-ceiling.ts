import { createPool } from "mysql2/promise";
import { type CpuMeter, cpuMsOf } from "./child.ts";
import { LOAD_GENERATOR, type Measured } from "./load.ts";

/** As the store does it: so many rows in a statement, so many statements under way. */
const ROWS = 64;
const STATEMENTS = 2;
const BENCH_AMOUNT = 500;

/**
 * What the database takes of the same rows from its driver alone, without anything that asks for them: rows a
 * second, and the time of a statement.
 */
export async function measureCeiling(options: {
  readonly dataSource: string;
  readonly seconds: number;
  /** Order ids that have no payment yet, each given once. */
  nextOrder(): number;
  readonly processes: ReadonlyMap<string, CpuMeter>;
}): Promise<Measured> {
  const pool = createPool({ uri: uriOf(options.dataSource), connectionLimit: STATEMENTS });
  const meters = new Map(options.processes).set(LOAD_GENERATOR, { cpuMs: () => cpuMsOf(process.pid) });
  const before = new Map([...meters].map(([name, meter]) => [name, meter.cpuMs()]));
  const places = new Array<string>(ROWS).fill("(?, ?, ?, ?, ?)").join(", ");
  const sql = `INSERT INTO pay (uid, oid, amount, source, status) VALUES ${places}`;
  const startedAt = performance.now();
  const latencies: number[] = [];
  const insert = async (): Promise<void> => {
    while (performance.now() - startedAt < options.seconds * 1000) {
      const values = Array.from({ length: ROWS }, () => [1, options.nextOrder(), BENCH_AMOUNT, 0, 0]).flat();
      const sentAt = performance.now();
      await pool.execute(sql, values);
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: STATEMENTS }, insert));
  const seconds = (performance.now() - startedAt) / 1000;
  const rows = latencies.length * ROWS;
  await pool.end();
  const micros = new Map(
    [...meters].map(([name, meter]) => [name, ((meter.cpuMs() - (before.get(name) ?? 0)) * 1000) / rows]),
  );
  const sorted = latencies.toSorted((left, right) => left - right);
  return {
    requestsPerSecond: rows / seconds,
    p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    cpuMicrosPerRequest: micros.get("mariadbd") ?? 0,
    cpuMicrosByProcess: micros,
  };
}

/** The driver's own form of a go-sql-driver DSN of the form that the tests' servers give. */
function uriOf(dataSource: string): string {
  const [, login, address, database] = /^(.*)@tcp\(([^)]*)\)\/(\w+)/.exec(dataSource) ?? [];
  if (database === undefined) throw new Error("not a DSN of a server");
  return `mysql://${login}@${address}/${database}`;
}
