/**
 * The fewest of `items`, in their order, with which `fails` still holds: delta debugging (Zeller, Hildebrandt 2002).
 * None of those that are left can be left out alone.
 */
export async function minimize<T>(
  items: readonly T[],
  fails: (subset: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let current = items;
  let parts = 2;
  while (current.length > 1) {
    const smaller = await firstFailing(complements(current, parts), fails);
    if (smaller !== undefined) {
      current = smaller;
      parts = Math.max(parts - 1, 2);
    } else if (parts < current.length) {
      parts = Math.min(parts * 2, current.length);
    } else {
      break;
    }
  }
  return current.length === 1 && (await fails([])) ? [] : current;
}

/** The items without each of `parts` nearly equal parts. */
function complements<T>(items: readonly T[], parts: number): T[][] {
  return Array.from({ length: parts }, (_, part) => {
    const from = Math.floor((items.length * part) / parts);
    const to = Math.floor((items.length * (part + 1)) / parts);
    return [...items.slice(0, from), ...items.slice(to)];
  });
}

async function firstFailing<T>(
  candidates: readonly T[][],
  fails: (subset: readonly T[]) => Promise<boolean>,
): Promise<readonly T[] | undefined> {
  for (const candidate of candidates) if (await fails(candidate)) return candidate;
  return undefined;
}
