import { matchesGlob } from "node:path";
import { findPattern, isGenerated, isSource, isTest, type Rule } from "./repository.ts";

/** What reads rows through a cache. */
const VIEWS = /\b(create\w+View(Gen)?|RowView|allowCached: true)\b/g;

/** Where people's questions are answered, and the models that make the views for it. */
const MAY_SEE = ["services/*/rpc/cached-answers.ts", "services/*/model/*-model.ts", "services/*/api/**"];

/** A cached row may be older than what was decided meanwhile, so nothing that decides can reach one. */
export const cachedRows: Rule = {
  name: "only answers to questions come from the cache",
  check: (files) =>
    files
      .filter(({ path }) => path.startsWith("services/") && isSource(path))
      .filter(({ path }) => !isTest(path) && !isGenerated(path))
      .filter(({ path }) => !MAY_SEE.some((pattern) => matchesGlob(path, pattern)))
      .flatMap((file) =>
        findPattern(file, VIEWS, (found) => `${found} reads through the cache, by which nothing is decided`),
      ),
};
