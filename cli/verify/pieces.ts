import { SAGA_STATE } from "@mall/kit/saga";
import type { Snapshot } from "@mall/kit/store";
import { wasAtOnce } from "@mall/order/create/new-order";
import { holdsPieces } from "@mall/order/model/order-state";
import { type OpenJob, openJobsAbout } from "./open-jobs.ts";
import { readIn } from "./pay-file.ts";

/** The row of an order. */
export interface OrderRowFacts {
  readonly id: number;
  readonly pid: number;
  readonly status: number;
  readonly num: number;
  readonly expireTime: Date | undefined;
  readonly createTime: Date | undefined;
  readonly gid: string | undefined;
  readonly stockBranch: string;
  readonly reservation: number;
}

/** Gives pieces back, as `job.kind` has it. */
export const RELEASE_JOB = "order.release";

/** A step that took pieces out of stock, as the product service's barrier knows it. */
interface Branch {
  readonly gid: string;
  readonly branchId: string;
}

/** Pieces that an order may have taken for the n-th time, and as what they go back. */
interface Take {
  /** Whether it happened as the order was written, in one transaction, for which no barrier stands. */
  readonly isWhole: boolean;
  readonly take: Branch;
  /** Id of the message that gives them back. */
  readonly release: string;
}

/** What became of the pieces that an order took for the n-th time. */
export interface Taken {
  readonly isTaken: boolean;
  /** By the saga that took them. */
  readonly isTakenBack: boolean;
  /** By the order that let them go. */
  readonly isReleased: boolean;
  /** Whether a job is about to give them back. */
  readonly isReleasing: boolean;
  /** Whether the saga that takes them goes on. */
  readonly isUnderWay: boolean;
}

/** The first branch of a saga, and of a message. */
const FIRST = "01";

/**
 * The names under which an order may have taken pieces: when it was created, each time that it was brought back, and
 * the time after, which may be under way. Empty for an order of a Go process, whose branches nobody knows.
 */
export function takesOf({ id, gid, stockBranch, status, reservation }: OrderRowFacts): Take[] {
  if (gid === undefined) return [];
  const name = stockBranch === "" ? gid : `order-${id}`;
  const releaseOf = (time: number): string => `${name}-release-${time}`;
  const first = {
    isWhole: wasAtOnce(gid),
    take: { gid, branchId: stockBranch === "" ? FIRST : stockBranch },
    release: releaseOf(0),
  };
  // Who holds pieces cannot be brought back.
  const last = holdsPieces(status) ? reservation : reservation + 1;
  const again = Array.from({ length: last }, (_, index) => ({
    isWhole: false,
    take: { gid: `${name}-reopen-${index + 1}`, branchId: FIRST },
    release: releaseOf(index + 1),
  }));
  return [first, ...again];
}

/** What the barrier says of branches. */
interface Barriers {
  took(branch: Branch): boolean;
  tookBack(branch: Branch): boolean;
  gaveBack(gid: string): boolean;
}

/** Reads the rows of barriers; a step that was taken back before it came leaves one whose reason is that. */
export async function readBarriers(snapshot: Snapshot, gids: readonly string[]): Promise<Barriers> {
  const sql = "SELECT gid, branch_id AS branchId, op, reason FROM barrier WHERE gid IN";
  const rows = await readIn(snapshot, sql, gids);
  const done = new Set(
    rows.filter(({ op, reason }) => op === reason).map(({ gid, branchId, op }) => `${op} ${branchId} ${gid}`),
  );
  const took = ({ gid, branchId }: Branch): boolean => done.has(`action ${branchId} ${gid}`);
  return {
    took,
    tookBack: (branch) => took(branch) && done.has(`compensate ${branch.branchId} ${branch.gid}`),
    gaveBack: (gid) => done.has(`action ${FIRST} ${gid}`),
  };
}

/** The open jobs that give pieces back, by the id that they do it under. */
export function openReleases(
  snapshot: Snapshot,
  about: ReadonlySet<string>,
): Promise<Map<string, OpenJob[]>> {
  return openJobsAbout(snapshot, { queue: "order", kinds: [RELEASE_JOB], subjectOf: releaseIn, about });
}

/** The id under which the payload of a job gives pieces back. */
export function releaseIn(payload: unknown): string | undefined {
  const branch: unknown = typeof payload === "object" && payload !== null && Reflect.get(payload, "branch");
  const gid: unknown = typeof branch === "object" && branch !== null && Reflect.get(branch, "gid");
  return typeof gid === "string" ? gid : undefined;
}

/** Those of these sagas that go on. */
export async function openSagas(snapshot: Snapshot, gids: readonly string[]): Promise<Set<string>> {
  const open = `state IN (${SAGA_STATE.forward}, ${SAGA_STATE.back})`;
  const rows = await readIn(snapshot, `SELECT gid FROM saga WHERE ${open} AND gid IN`, gids);
  return new Set(rows.map(({ gid }) => String(gid)));
}
