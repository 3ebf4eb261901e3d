const UNCLEAN = /\/\/|\/\.|.\/$/;

/**
 * Normalises the path of a request target as Go's `path.Clean` does, which go-zero applies before
 * routing: `//` and a trailing `/` vanish, `.` and `..` are resolved. The query stays as it is.
 */
export function cleanPath(target: string): string {
  const query = target.indexOf("?");
  const path = query === -1 ? target : target.slice(0, query);
  if (!path.startsWith("/") || !UNCLEAN.test(path)) return target;
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  return `/${kept.join("/")}${query === -1 ? "" : target.slice(query)}`;
}
