import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanPath } from "./clean-path.ts";

test("a path is normalised as Go's path.Clean does, the query stays", () => {
  const cases = [
    ["/", "/"],
    ["/a/b", "/a/b"],
    ["/a/b/", "/a/b"],
    ["//a///b//", "/a/b"],
    ["/a/./b/../c", "/a/c"],
    ["/../../a", "/a"],
    ["/a/..", "/"],
    ["/.hidden/a", "/.hidden/a"],
    ["/a//b?x=//y/", "/a/b?x=//y/"],
    ["/a/?", "/a?"],
    ["//", "/"],
    ["*", "*"],
    ["http://host/a", "http://host/a"],
  ] as const;
  for (const [target, expected] of cases) assert.equal(cleanPath(target), expected, target);
});
