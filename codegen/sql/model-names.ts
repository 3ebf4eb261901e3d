import { camelCase, kebabCase, pascalCase } from "../emit/index.ts";
import type { SqlKey } from "./table.ts";

/** The names that a table's generated model uses. */
export interface ModelNames {
  /** Base name of its files, e.g. `pay-model`. */
  readonly file: string;
  readonly row: string;
  readonly newRow: string;
  readonly columns: string;
  readonly table: string;
  readonly model: string;
  readonly createModel: string;
  readonly createView: string;
  /** Names of the hand-written model around it. */
  readonly ownModel: string;
  readonly createOwnModel: string;
}

export function modelNames(table: string): ModelNames {
  const name = pascalCase(table);
  return {
    file: `${kebabCase(table)}-model`,
    row: `${name}Row`,
    newRow: `New${name}Row`,
    columns: `${name}Columns`,
    table: `${camelCase(table)}Table`,
    model: `${name}ModelGen`,
    createModel: `create${name}ModelGen`,
    createView: `create${name}ViewGen`,
    ownModel: `${name}Model`,
    createOwnModel: `create${name}Model`,
  };
}

/** `findOneByUidOid` of a unique key over (uid, oid): go-zero's name for it. */
export function finderName(key: Pick<SqlKey, "columns">): string {
  return `findOneBy${key.columns.map(pascalCase).join("")}`;
}
