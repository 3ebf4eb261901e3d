import type { GeneratedFile } from "../emit/index.ts";
import { modelNames } from "./model-names.ts";
import type { MigrationSource } from "./parse-migrations.ts";
import type { SqlStatement } from "./parse-sql.ts";

/** The first migration of a contract that has none: its own tables. */
export function firstMigration(statements: readonly SqlStatement[]): MigrationSource {
  const texts = statements.map(({ text }) =>
    text.replace(/^(CREATE\s+TABLE)(?!\s+IF\b)/i, "$1 IF NOT EXISTS"),
  );
  return { name: "0001-create", source: `${texts.join(";\n\n")};\n` };
}

/** `migrations/<name>.sql`. */
export function migrationFile(migration: MigrationSource): GeneratedFile {
  return { path: `migrations/${migration.name}.sql`, content: migration.source };
}

/** `<table>-model.ts`: where a table's own operations are written by hand. */
export function ownModelFile(table: string, cache: boolean): GeneratedFile {
  const names = modelNames(table);
  const lines = [
    ...(cache ? ['import type { Cache } from "@mall/kit/cache";'] : []),
    'import type { Database } from "@mall/kit/store";',
    `import { ${names.createModel}, type ${names.model} } from "./gen/${names.file}.ts";`,
    "",
    `/** What can be done with \`${table}\`. */`,
    `export type ${names.ownModel} = ${names.model};`,
    "",
    ...(cache
      ? [
          `export function ${names.createOwnModel}(database: Database, cache?: Cache): ${names.ownModel} {`,
          `  return ${names.createModel}(database, cache);`,
        ]
      : [
          `export function ${names.createOwnModel}(database: Database): ${names.ownModel} {`,
          `  return ${names.createModel}(database);`,
        ]),
    "}",
  ];
  return { path: `${names.file}.ts`, content: `${lines.join("\n")}\n` };
}
