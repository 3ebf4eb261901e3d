import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { applyEdit, type Edit, ROOT } from "./mutation.ts";
import { MUTATION_VARIABLE, MUTATIONS } from "./mutations.ts";

// Imported before anything else by a process that is to run with a mistake in it; no file is changed.

const name = process.env[MUTATION_VARIABLE];
const mutation = MUTATIONS.find((each) => each.name === name);
if (mutation === undefined) throw new Error(`there is no mutation ${name}`);

const edits = new Map<string, Edit[]>();
for (const edit of mutation.edits) {
  const url = pathToFileURL(join(ROOT, edit.file)).href;
  edits.set(url, [...(edits.get(url) ?? []), edit]);
}

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const own = edits.get(url);
    if (own === undefined) return loaded;
    const { source } = loaded;
    const text = typeof source === "string" ? source : new TextDecoder().decode(source);
    return { ...loaded, source: own.reduce(applyEdit, text) };
  },
});
