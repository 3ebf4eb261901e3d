interface Entry {
  readonly segments: readonly string[];
  readonly method: string;
}

/** Which methods a path has; asked only when a request matched no route. */
export class RouteTable {
  readonly #entries: Entry[] = [];

  /** `path` may have `:name` parameters. */
  add(method: string, path: string): void {
    this.#entries.push({ method, segments: path.split("/") });
  }

  /** The methods registered for a request's path (without query); empty where the path is unknown. */
  methodsOf(path: string): string[] {
    const segments = path.split("/");
    const matching = this.#entries.filter((entry) => matches(entry.segments, segments));
    return [...new Set(matching.map((entry) => entry.method))];
  }
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false;
  return pattern.every((part, index) => part.startsWith(":") || part === segments[index]);
}
