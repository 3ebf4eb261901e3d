import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { test } from "node:test";
import { generateLayer, listFiles, serviceLayers } from "../codegen/commands/index.ts";

const root = join(import.meta.dirname, "..");
const layers = serviceLayers(join(root, "services"));

test("each of the four services has its three contracts", () => {
  const found = layers.map(({ dir }) => relative(root, dir));
  for (const service of ["user", "product", "order", "pay"])
    for (const layer of ["model", "rpc", "api"]) assert.ok(found.includes(join("services", service, layer)));
});

for (const { layer, contract, dir } of layers) {
  const name = relative(root, dir);

  test(`${name}/gen is byte for byte what its contract generates, and nothing more`, async () => {
    const { generated } = await generateLayer(layer, contract, { cache: true });
    const paths = listFiles(join(dir, "gen")).map((path) => `gen/${path}`);
    assert.deepEqual(paths, generated.map((file) => file.path).sort(), "run npm run generate");
    for (const file of generated) {
      const committed = await readFile(join(dir, file.path), "utf8");
      assert.equal(committed, file.content, `${name}/${file.path}: run npm run generate`);
    }
  });
}
