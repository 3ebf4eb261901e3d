import type { LockOwner } from "./lock.ts";

/** The transactions that wait for each other in a circle with this one in it; none where there is no circle. */
export function findCycle(trx: LockOwner): readonly LockOwner[] {
  const seen = new Set<LockOwner>();
  const path: LockOwner[] = [];
  const visit = (current: LockOwner): boolean => {
    const { wait } = current;
    if (wait === undefined) return false;
    path.push(current);
    for (const blocker of wait.lock.blockersOf(wait)) {
      if (blocker === trx) return true;
      if (seen.has(blocker)) continue;
      seen.add(blocker);
      if (visit(blocker)) return true;
    }
    path.pop();
    return false;
  };
  return visit(trx) ? path : [];
}

/** How much is lost with a transaction: that of the least weight is the victim, of two alike the one that came last. */
export function weightOf({ changes }: LockOwner): number {
  return changes.length;
}
