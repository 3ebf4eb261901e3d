import { type RawBuilder, sql } from "kysely";

/** Whether a column's text begins with `beginning`, upper and lower case of ASCII letters being alike. */
export function startsWith(column: string, beginning: string): RawBuilder<boolean> {
  const pattern = `${beginning.replaceAll(/[!%_]/g, "!$&")}%`;
  return sql<boolean>`${sql.ref(column)} like ${pattern} escape '!'`;
}

/** Whether a column's text is this one, or what lies under it behind the separator: `a`, `a@b`, and not `ab`. */
export function isOrUnder(column: string, text: string, separator: string): RawBuilder<boolean> {
  return sql<boolean>`(${sql.ref(column)} = ${text} or ${startsWith(column, `${text}${separator}`)})`;
}
