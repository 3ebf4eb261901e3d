import { camelCase, type GeneratedFile, generatedFile } from "../emit/index.ts";
import type { ParsedMigration } from "./parse-migrations.ts";
import { sqliteStatements } from "./sqlite.ts";

/** `gen/migrations.ts`: the history of a service's tables in both dialects. */
export function migrationsFile(migrations: readonly ParsedMigration[], name: string): GeneratedFile {
  return generatedFile({
    path: "gen/migrations.ts",
    command: "mallctl model mysql ddl",
    source: "migrations/*.sql",
    imports: [{ from: "@mall/kit/store", names: ["MigrationSet"], type: true }],
    body: [
      `export const ${camelCase(name)}Migrations: MigrationSet = {`,
      `  owner: "${name}",`,
      "  migrations: [",
      ...migrations.flatMap(migrationLines),
      "  ],",
      "};",
    ],
  });
}

function migrationLines(migration: ParsedMigration): string[] {
  const changes = migration.statements.flatMap((statement) => statement.changes);
  return [
    "    {",
    `      name: "${migration.name}",`,
    ...arrayLines(
      "mysql",
      migration.statements.map((statement) => statement.text),
    ),
    ...arrayLines(
      "sqlite",
      changes.flatMap((change) => sqliteStatements(change, migration.fileName)),
    ),
    "    },",
  ];
}

function arrayLines(name: string, statements: readonly string[]): string[] {
  return [`      ${name}: [`, ...statements.map((text) => `        ${JSON.stringify(text)},`), "      ],"];
}
