import type { Database, Snapshot } from "@mall/kit/store";

/** The databases that are looked at; several services may share one, which is then the same object. */
export interface MallDatabases {
  readonly product: Database;
  readonly order: Database;
  readonly pay: Database;
}

export type LookedAt = keyof MallDatabases;

/** What was committed when somebody looked: at one moment in each database, not in all of them. */
export type MallSnapshots = Readonly<Record<LookedAt, Snapshot>>;

/** Runs `work` on snapshots of all databases. */
export function withSnapshots<T>(
  { pay, order, product }: MallDatabases,
  work: (snapshots: MallSnapshots) => Promise<T>,
): Promise<T> {
  return pay.snapshot((ofPay) => {
    const beside = <R>(database: Database, next: (snapshot: Snapshot) => Promise<R>): Promise<R> =>
      database === pay ? next(ofPay) : database.snapshot(next);
    return beside(order, (ofOrder) => {
      const last = (ofProduct: Snapshot) => work({ pay: ofPay, order: ofOrder, product: ofProduct });
      return product === order ? last(ofOrder) : beside(product, last);
    });
  });
}

/** Each database once, with the services that have their rows in it. */
export function distinctDatabases(databases: MallDatabases): [Database, LookedAt[]][] {
  const services: readonly LookedAt[] = ["product", "order", "pay"];
  return [...Map.groupBy(services, (service) => databases[service])];
}
