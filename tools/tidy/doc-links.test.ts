import { test } from "node:test";
import { docLinks } from "./doc-links.ts";
import { assertFinds, plantFiles } from "./planted.ts";

test("a link to a missing file is found, links to files, folders, headings and the web are not", () => {
  const text = [
    "[a](../kit/rpc/index.ts) [b](../kit/rpc/) [c](#heading) [d](https://example.com/x)",
    "[e](missing.md)",
    "`[f](code.md)`",
    "![g](images/none.png)",
    "[h](guide.md#part)",
  ].join("\n");
  const files = plantFiles({ "docs/guide.md": text, "kit/rpc/index.ts": "" });
  assertFinds(docLinks, files, ["docs/guide.md:2", "docs/guide.md:4"]);
});
