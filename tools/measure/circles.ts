/** For each file the files that it imports. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/**
 * The circles of a graph: its strongly connected components of more than one file, largest first. A file that
 * imports itself is none.
 */
export function findCircles(graph: ImportGraph): string[][] {
  const reached = new Map<string, ReadonlySet<string>>();
  for (const path of graph.keys()) reached.set(path, reachableFrom(path, graph));
  const placed = new Set<string>();
  const circles: string[][] = [];
  for (const path of graph.keys()) {
    if (placed.has(path)) continue;
    const circle = [...(reached.get(path) ?? [])].filter((other) => reached.get(other)?.has(path) === true);
    for (const member of circle) placed.add(member);
    if (circle.length > 1) circles.push(circle.sort());
  }
  return circles.sort((left, right) => right.length - left.length);
}

/** What a file leads to in one step or more; itself only where it lies in a circle. */
function reachableFrom(start: string, graph: ImportGraph): Set<string> {
  const reached = new Set<string>();
  const open = [...(graph.get(start) ?? [])];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    open.push(...(graph.get(path) ?? []));
  }
  return reached;
}
