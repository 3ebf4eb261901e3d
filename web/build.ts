import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build, type Plugin } from "vite";
import { pagesFolder } from "./pages.ts";

// node web/build.ts: builds the pages, which `mall up` does where they are missing or out of date.

const ROOT = import.meta.dirname;
const FOLDER = pagesFolder();
/** Where they are built, so that nobody reads half of them. */
const DRAFT = join(dirname(FOLDER), `draft-${process.pid}`);

/** The browsers inside of apps are years behind. */
const OLD = ["es2020", "chrome87", "safari14"];

/**
 * The style before the script, which asks for a page's own connection first: a page is drawn as soon as its style is
 * there, and on a slow line another connection takes a way there and back.
 */
const styleFirst: Plugin = {
  name: "style-first",
  transformIndexHtml: {
    order: "post",
    handler: (html) => {
      const styles = html.match(/^ *<link rel="stylesheet".*>\n/gm) ?? [];
      const rest = styles.reduce((left, style) => left.replace(style, ""), html);
      return rest.replace(/^ *<script type="module"/m, (script) => styles.join("") + script);
    },
  },
};

/**
 * The style within the page, whose policy names it by its hash: on a slow line the page is drawn a way there and back
 * earlier. For a page that is opened once, with a style that is not much longer than a request for it.
 */
const styleWithin: Plugin = {
  name: "style-within",
  transformIndexHtml: {
    order: "post",
    handler: (html, { bundle = {} }) =>
      html.replaceAll(/<link rel="stylesheet"[^>]* href="\/([^"]+)">/g, (link, name: string) => {
        const style = bundle[name];
        if (style?.type !== "asset") return link;
        delete bundle[name];
        return `<style>${style.source.toString()}</style>`;
      }),
  },
};

/** One build for each, so that none carries a part of another. */
const PAGES: readonly {
  readonly input: Record<string, string>;
  readonly style: Plugin;
  readonly target: string[];
}[] = [
  {
    input: { cashier: join(ROOT, "cashier/index.html"), home: join(ROOT, "home/home.css") },
    style: styleWithin,
    target: OLD,
  },
  { input: { shop: join(ROOT, "shop/index.html") }, style: styleFirst, target: OLD },
  {
    input: { console: join(ROOT, "console/index.html") },
    style: styleFirst,
    target: ["es2023", "chrome111", "firefox114", "safari16.4"],
  },
];

for (const [index, { input, style, target }] of PAGES.entries())
  await build({
    root: ROOT,
    configFile: false,
    logLevel: "warn",
    plugins: [style],
    build: {
      outDir: DRAFT,
      emptyOutDir: index === 0,
      // Only the home page asks where its style is.
      manifest: index === 0,
      target,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2000,
      rolldownOptions: {
        input,
        // Libraries mark what is for clients, which all of this is.
        onwarn: (warning, warn) => {
          if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
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
