import { camelCase, docComment, type GeneratedFile, generatedFile, isReservedWord } from "../emit/index.ts";
import { type CachedColumns, cacheLines, mayBeCached } from "./cache-lines.ts";
import { finderName, type ModelNames, modelNames } from "./model-names.ts";
import { managedRole, mayBeLeftOut, mayBeNull, type SqlColumn, type SqlKey, type SqlTable } from "./table.ts";

/**
 * `gen/<table>-model.ts`: the row types, the table's definition and its operations; a model that can be
 * cached if the history of the columns is given and none of them holds bytes.
 */
export function modelFile(table: SqlTable, source: string, known: CachedColumns | undefined): GeneratedFile {
  const columns = mayBeCached(table) ? known : undefined;
  const names = modelNames(table.name);
  const cached = columns !== undefined;
  const store = [
    ...(cached ? ["type CachedModelOptions", "createRowView"] : []),
    "createTableModel",
    "type Database",
    ...(cached ? ["type RowView"] : []),
    "type TableDefinition",
    "type TableModel",
  ];
  return generatedFile({
    path: `gen/${names.file}.ts`,
    command: "mallctl model mysql ddl",
    source,
    imports: [
      ...(cached ? [{ from: "@mall/kit/cache", names: ["Cache"], type: true as const }] : []),
      { from: "@mall/kit/store", names: store },
    ],
    body: [
      ...rowLines(table, names),
      "",
      ...newRowLines(table, names),
      "",
      ...columnsLines(table, names),
      "",
      ...tableLines(table, names, columns),
      "",
      ...modelLines(table, names),
      "",
      ...createModelLines(table, names, cached),
      ...(cached ? ["", ...createViewLines(table, names)] : []),
    ],
  });
}

function rowLines(table: SqlTable, names: ModelNames): string[] {
  const properties = table.columns.flatMap((column) => [
    ...docComment(column.comment, "  "),
    `  ${camelCase(column.name)}: ${valueType(column)};`,
  ]);
  return [`/** A row of \`${table.name}\`. */`, `export interface ${names.row} {`, ...properties, "}"];
}

function newRowLines(table: SqlTable, names: ModelNames): string[] {
  const properties = table.columns
    .filter((column) => managedRole(column) === undefined && !column.leftOut)
    .map((column) => {
      // A row that brings its own key is not found by one that it was given.
      const optional = column.name !== table.primaryKey && mayBeLeftOut(column);
      return `  ${camelCase(column.name)}${optional ? "?" : ""}: ${valueType(column)};`;
    });
  return [
    `/** What an insert into \`${table.name}\` takes: columns with a default may be left out. */`,
    `export interface ${names.newRow} {`,
    ...properties,
    "}",
  ];
}

function columnsLines(table: SqlTable, names: ModelNames): string[] {
  return [
    "/** The columns under their SQL names, for queries. */",
    `export interface ${names.columns} {`,
    ...table.columns.map((column) => `  ${column.name}: ${queryType(column)};`),
    "}",
  ];
}

/** A query cannot tell a datetime's text from a timestamp's where a Date is given: it takes what wallTimes write. */
function queryType(column: SqlColumn): string {
  if (column.type.kind !== "time" || !column.type.wall) return valueType(column);
  return mayBeNull(column) ? "string | null" : "string";
}

const TYPES = {
  integer: "number",
  float: "number",
  text: "string",
  decimal: "string",
  date: "string",
  time: "Date",
  bytes: "Uint8Array",
  boolean: "boolean",
} as const;

function valueType(column: SqlColumn): string {
  const { type } = column;
  const values =
    type.kind === "text" ? type.values?.map((value) => JSON.stringify(value)).join(" | ") : undefined;
  const text = values ?? TYPES[type.kind];
  return mayBeNull(column) ? `${text} | null` : text;
}

function tableLines(table: SqlTable, names: ModelNames, cached: CachedColumns | undefined): string[] {
  return [
    `export const ${names.table}: TableDefinition = {`,
    `  name: "${table.name}",`,
    `  primaryKey: "${camelCase(table.primaryKey)}",`,
    "  columns: [",
    ...table.columns.map((column) => `    { ${columnParts(column).join(", ")} },`),
    "  ],",
    ...uniqueKeysLines(uniqueKeys(table)),
    ...(cached === undefined ? [] : cacheLines(table, lookupKeys(table), cached)),
    "};",
  ];
}

function columnParts(column: SqlColumn): string[] {
  const { type } = column;
  const role = managedRole(column);
  return [
    `name: "${column.name}"`,
    `property: "${camelCase(column.name)}"`,
    `type: "${type.kind}"`,
    ...(type.kind === "integer" ? [`min: ${type.min}`, `max: ${type.max}`] : []),
    ...(type.kind === "text" || type.kind === "bytes" ? [`lengthMax: ${type.lengthMax}`] : []),
    ...(type.kind === "text" && type.values !== undefined
      ? [`values: [${type.values.map((value) => JSON.stringify(value)).join(", ")}]`]
      : []),
    ...(type.kind === "decimal" ? [`precision: ${type.precision}`, `scale: ${type.scale}`] : []),
    ...(type.kind === "time" && type.digits > 0 ? [`digits: ${type.digits}`] : []),
    ...(type.kind === "time" && type.wall ? ["wall: true"] : []),
    ...(column.nullable ? ["nullable: true"] : []),
    ...(role === undefined ? [] : [`managed: "${role}"`]),
  ];
}

function uniqueKeysLines(keys: readonly SqlKey[]): string[] {
  if (keys.length === 0) return ["  uniqueKeys: {},"];
  const entries = keys.map((key) => {
    const properties = key.columns.map((column) => `"${camelCase(column)}"`).join(", ");
    return `${key.name}: [${properties}]`;
  });
  return [`  uniqueKeys: { ${entries.join(", ")} },`];
}

function modelLines(table: SqlTable, names: ModelNames): string[] {
  const base = `TableModel<${modelTypes(table, names)}>`;
  const finders = lookupKeys(table).map(
    (key) => `  ${finderName(key)}(${finderParameters(table, key)}): Promise<${names.row} | undefined>;`,
  );
  return [
    "/** The operations every table has, plus one lookup for each unique key. */",
    ...(finders.length === 0
      ? [`export type ${names.model} = ${base};`]
      : [`export interface ${names.model} extends ${base} {`, ...finders, "}"]),
  ];
}

function modelTypes(table: SqlTable, names: ModelNames): string {
  return [names.row, names.newRow, names.columns, ...textId(table)].join(", ");
}

/** The type of the primary key where it is no number. */
function textId({ columns, primaryKey }: SqlTable): string[] {
  return columns.some(({ name, type }) => name === primaryKey && type.kind === "text") ? ["string"] : [];
}

function finderParameters(table: SqlTable, key: SqlKey): string {
  return keyColumns(table, key)
    .map((column) => `${parameterName(column.name)}: ${valueType(column)}`)
    .join(", ");
}

function createModelLines(table: SqlTable, names: ModelNames, cached: boolean): string[] {
  const types = modelTypes(table, names);
  const args = ["database", names.table, ...(cached ? ["cache", "options"] : [])].join(", ");
  const create = `createTableModel<${types}>(${args})`;
  const start = cached
    ? [
        `export function ${names.createModel}(`,
        "  database: Database,",
        "  cache?: Cache,",
        "  options?: CachedModelOptions,",
        `): ${names.model} {`,
      ]
    : [`export function ${names.createModel}(database: Database): ${names.model} {`];
  const keys = lookupKeys(table);
  if (keys.length === 0) return [...start, `  return ${create};`, "}"];
  return [
    ...start,
    `  const model = ${create};`,
    "  return {",
    "    ...model,",
    ...keys.map(finderLine),
    "  };",
    "}",
  ];
}

function createViewLines(table: SqlTable, names: ModelNames): string[] {
  const types = [names.row, ...textId(table)].join(", ");
  return [
    "/** Rows for questions, perhaps from the cache: nothing may be decided by them. */",
    `export function ${names.createView}(`,
    "  database: Database,",
    "  cache?: Cache,",
    "  options?: CachedModelOptions,",
    `): RowView<${types}> {`,
    `  return createRowView<${types}>(database, ${names.table}, cache, options);`,
    "}",
  ];
}

function finderLine(key: SqlKey): string {
  const parameters = key.columns.map(parameterName);
  const values = key.columns.map((column) => {
    const [property, parameter] = [camelCase(column), parameterName(column)];
    return property === parameter ? property : `${property}: ${parameter}`;
  });
  return `    ${finderName(key)}: (${parameters.join(", ")}) => model.findOneBy("${key.name}", { ${values.join(", ")} }),`;
}

/** goctl gives each unique key its lookup, sorted by the key's name. */
function uniqueKeys(table: SqlTable): SqlKey[] {
  return table.keys.filter((key) => key.unique).sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** As goctl, one lookup for keys over the same columns, and none for one over the primary key. */
function lookupKeys(table: SqlTable): SqlKey[] {
  const names = new Set([finderName({ columns: [table.primaryKey] })]);
  return uniqueKeys(table).filter((key) => {
    const isNew = !names.has(finderName(key));
    names.add(finderName(key));
    return isNew;
  });
}

function keyColumns(table: SqlTable, key: SqlKey): SqlColumn[] {
  return key.columns.flatMap((name) => table.columns.find((column) => column.name === name) ?? []);
}

/** A column may have the name of the model or of a word that no parameter may have. */
function parameterName(column: string): string {
  const name = camelCase(column);
  return name === "model" || isReservedWord(name) ? `${name}Value` : name;
}
