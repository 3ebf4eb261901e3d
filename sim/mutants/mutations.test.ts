import assert from "node:assert/strict";
import { it } from "node:test";
import { checkMutations } from "./mutation.ts";
import { MUTATIONS } from "./mutations.ts";

it("every mutation finds its place in the source", () => {
  checkMutations(MUTATIONS);
  assert.equal(new Set(MUTATIONS.map(({ name }) => name)).size, MUTATIONS.length);
});
