import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
}

interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
}

/** What makes Node leave a profile in a folder when it ends. */
export function profileFlags(folder: string): string[] {
  return ["--cpu-prof", `--cpu-prof-dir=${folder}`];
}

/**
 * Where the busy time of all processes went that left a profile, most first: `share  place`, by package or kit area,
 * from V8's CPU profiles.
 */
export function summarizeProfile(folder: string, root: string): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".cpuprofile"));
  if (files.length === 0) throw new Error("the profiled server left no profile");
  const counts = new Map<string, number>();
  for (const file of files) countSamples(JSON.parse(readFileSync(join(folder, file), "utf8")), root, counts);
  const busy = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [...counts]
    .sort((left, right) => right[1] - left[1])
    .slice(0, 16)
    .map(([place, count]) => `${((100 * count) / busy).toFixed(1).padStart(5)} %  ${place}`);
}

function countSamples({ nodes, samples }: CpuProfile, root: string, counts: Map<string, number>): void {
  const places = new Map(nodes.map((node) => [node.id, placeOf(node, root)]));
  for (const sample of samples) {
    const place = places.get(sample) ?? "?";
    if (place !== "(idle)") counts.set(place, (counts.get(place) ?? 0) + 1);
  }
}

function placeOf({ callFrame: { functionName, url } }: ProfileNode, root: string): string {
  if (url === "") return functionName.startsWith("(") ? functionName : `native ${functionName}`;
  if (url.startsWith("node:")) return url;
  const path = url.startsWith("file:") ? fileURLToPath(url) : url;
  const module = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  if (module !== undefined) return `npm ${module}`;
  return path.startsWith(root)
    ? `mall ${path
        .slice(root.length + 1)
        .split("/")
        .slice(0, 2)
        .join("/")}`
    : path;
}
