import type { ColumnDefinition, TableDefinition } from "./table.ts";

/** The name of the primary key, as MySQL calls it in its errors. */
export const PRIMARY_KEY = "PRIMARY";

/**
 * The keys that identify one row: the primary key as PRIMARY, the unique keys by index name.
 *
 * @throws Error if a key names no column of the table.
 */
export function keyColumns(table: TableDefinition): Map<string, readonly ColumnDefinition[]> {
  const byProperty = new Map(table.columns.map((column) => [column.property, column]));
  const keys: [string, readonly string[]][] = [
    [PRIMARY_KEY, [table.primaryKey]],
    ...Object.entries(table.uniqueKeys),
  ];
  return new Map(
    keys.map(([name, properties]) => [
      name,
      properties.map((property) => {
        const column = byProperty.get(property);
        if (column === undefined) throw new Error(`key ${name} of ${table.name} has no column ${property}`);
        return column;
      }),
    ]),
  );
}
