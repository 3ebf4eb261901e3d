import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runCommand } from "./test-run/run-command.ts";

// Packs @mall/kit and @mall/codegen into tarballs that any folder can install: JavaScript with types, since Node strips
// types from no file under node_modules. The argument is the folder that they go to.

const ROOT = join(import.meta.dirname, "..");
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("say where the tarballs go: npm run pack -- FOLDER");

/** What is published of a package beside what is compiled. */
interface Published {
  readonly name: "kit" | "codegen";
  readonly exports: object;
  readonly bin?: object;
  /** Files that are read as they are. */
  readonly assets: readonly string[];
}

const PACKAGES: readonly Published[] = [
  {
    name: "kit",
    exports: { "./*": { types: "./*/index.d.ts", default: "./*/index.js" } },
    assets: ["rest/docs"],
  },
  {
    name: "codegen",
    exports: {},
    bin: { mallctl: "./cli.js" },
    assets: [],
  },
];

/** Tests and what is made for them stay here. */
const COMPILER_OPTIONS = {
  extends: join(ROOT, "tsconfig.json"),
  compilerOptions: {
    noEmit: false,
    allowJs: false,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    rootDir: ROOT,
    typeRoots: [join(ROOT, "node_modules/@types")],
  },
  include: PACKAGES.map(({ name }) => join(ROOT, name, "**/*.ts")),
  exclude: ["**/*.test.ts", "**/test-*.ts", "kit/testing/**", "codegen/testdata/**", "codegen/fuzz/**"].map(
    (path) => join(ROOT, path),
  ),
};

async function pack(target: string): Promise<number> {
  const staging = await mkdtemp(join(tmpdir(), "mall-pack-"));
  try {
    const config = join(staging, "tsconfig.json");
    await writeFile(config, JSON.stringify(COMPILER_OPTIONS));
    const tsc = join(ROOT, "node_modules/.bin/tsc");
    const compiled = await runCommand(
      process.execPath,
      [tsc, "-p", config, "--outDir", staging],
      process.env,
    );
    if (compiled !== 0) return compiled;
    await mkdir(target, { recursive: true });
    for (const published of PACKAGES) {
      await complete(published, staging);
      const args = ["pack", "--silent", "--pack-destination", target, join(staging, published.name)];
      const packed = await runCommand("npm", args, process.env);
      if (packed !== 0) return packed;
    }
    return 0;
  } finally {
    await rm(staging, { recursive: true });
  }
}

async function complete({ name, exports, bin, assets }: Published, staging: string): Promise<void> {
  const { private: _private, ...manifest } = JSON.parse(
    await readFile(join(ROOT, name, "package.json"), "utf8"),
  );
  const published = { ...manifest, license: "MIT", engines: { node: ">=24" }, exports, ...(bin && { bin }) };
  await writeFile(join(staging, name, "package.json"), `${JSON.stringify(published, undefined, 2)}\n`);
  await cp(join(ROOT, "LICENSE"), join(staging, name, "LICENSE"));
  for (const command of Object.values(bin ?? {})) {
    const path = join(staging, name, String(command));
    await writeFile(path, `#!/usr/bin/env node\n${await readFile(path, "utf8")}`);
  }
  for (const asset of assets)
    await cp(join(ROOT, name, asset), join(staging, name, asset), { recursive: true });
}

process.exitCode = await pack(resolve(folder));
