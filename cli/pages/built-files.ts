import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@mall/kit/errors";
import type { PageFile } from "@mall/kit/rest";
import { pagesFolder } from "@mall/web/pages";
import { pageFile, styledPage } from "./page-file.ts";

/** What `web/` was built to. */
export interface BuiltFiles {
  /** The files whose names change with their content, by path. */
  readonly assets: ReadonlyMap<string, PageFile>;
  readonly cashier: PageFile;
  readonly console: PageFile;
  readonly shop: PageFile;
  /** Path of the home page's style. */
  readonly homeStyle: string;
}

/** Stands in the console's page for the nonce of each answer, under which its library adds styles. */
const NONCE_MARK = "NONCE_OF_THIS_ANSWER";

/** What the build's manifest tells of one of its entries. */
type Manifest = Readonly<Record<string, { readonly file: string }>>;

/** Reads what `web/` is built to; undefined where it is not. */
export function readBuiltFiles(): BuiltFiles | undefined {
  const folder = pagesFolder();
  const manifest = join(folder, ".vite/manifest.json");
  if (!existsSync(manifest)) return undefined;
  const entries = JSON.parse(readFileSync(manifest, "utf8")) as Manifest;
  const names = readdirSync(join(folder, "assets"));
  const read = (path: string): Buffer => readFileSync(join(folder, path));
  return {
    assets: new Map(names.map((name) => [`/assets/${name}`, pageFile(name, read(`assets/${name}`), true)])),
    cashier: styledPage(read("cashier/index.html")),
    console: {
      ...pageFile("index.html", read("console/index.html"), false),
      nonceMark: NONCE_MARK,
    },
    shop: pageFile("index.html", read("shop/index.html"), false),
    homeStyle: `/${entries["home/home.css"]?.file ?? ""}`,
  };
}

/** @throws AppError FAILED_PRECONDITION PAGES_NOT_BUILT with this text where `web/` is not built. */
export function demandBuiltFiles(text: string): BuiltFiles {
  const built = readBuiltFiles();
  if (built === undefined) throw new AppError("FAILED_PRECONDITION", "PAGES_NOT_BUILT", text);
  return built;
}
