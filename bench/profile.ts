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

/** Where the busy time went, most first: `share  place`, by package or kit area, from V8's CPU profile. */
export function summarizeProfile(folder: string, root: string): string[] {
  const file = readdirSync(folder).find((name) => name.endsWith(".cpuprofile"));
  if (file === undefined) throw new Error("the profiled server left no profile");
  const profile: CpuProfile = JSON.parse(readFileSync(join(folder, file), "utf8"));
  const places = new Map(profile.nodes.map((node) => [node.id, placeOf(node, root)]));
  const counts = new Map<string, number>();
  for (const sample of profile.samples) {
    const place = places.get(sample) ?? "?";
    if (place !== "(idle)") counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const busy = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [...counts]
    .sort((left, right) => right[1] - left[1])
    .slice(0, 16)
    .map(([place, count]) => `${((100 * count) / busy).toFixed(1).padStart(5)} %  ${place}`);
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
