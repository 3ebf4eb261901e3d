import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "vite";
import { pagesFolder } from "./pages.ts";

// node web/build.ts: builds the pages, which `mall up` does where they are missing or out of date.

const ROOT = import.meta.dirname;
const FOLDER = pagesFolder();
/** Where they are built, so that nobody reads half of them. */
const DRAFT = join(dirname(FOLDER), `draft-${process.pid}`);

await build({
  root: ROOT,
  configFile: false,
  logLevel: "warn",
  build: {
    outDir: DRAFT,
    manifest: true,
    // The browsers inside of apps are years behind.
    target: ["es2020", "chrome87", "safari14"],
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        cashier: join(ROOT, "cashier/index.html"),
        console: join(ROOT, "console/index.html"),
        home: join(ROOT, "home/home.css"),
      },
    },
  },
});
publish();

/** Another process may publish the same meanwhile. */
function publish(): void {
  try {
    renameSync(DRAFT, FOLDER);
  } catch (error) {
    if (!existsSync(FOLDER)) throw error;
    rmSync(DRAFT, { recursive: true });
  }
  const earlier = readdirSync(dirname(FOLDER)).filter((name) => !name.startsWith("draft-"));
  for (const name of earlier)
    if (name !== basename(FOLDER)) rmSync(join(dirname(FOLDER), name), { recursive: true });
}
