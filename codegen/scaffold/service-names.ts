import { lowerFirst, pascalCase } from "../emit/index.ts";
import { modelNames, type SqlTable } from "../sql/index.ts";

/** What the files of a new service call it. */
export interface ServiceNames {
  /** Its folder and package: `review`. */
  readonly name: string;
  /** What its types start with: `Review`. */
  readonly type: string;
  readonly ports: { readonly api: number; readonly rpc: number };
  /** True outside of a mall: it has nobody beside it, and starts by itself. */
  readonly alone: boolean;
  /** What its tokens are signed with, where there is no mall that has a secret. */
  readonly secret: string;
  /** Undefined where it has none. */
  readonly rpc?: RpcNames;
  readonly api?: ApiNames;
}

/**
 * What a part starts from: two operations over a table of texts, one over the first of somebody's own tables, a
 * greeting where there is nothing to ask, or somebody's own contract, whose logic is still to be written.
 */
export interface RpcNames {
  readonly starts: "texts" | "rows" | "own";
  /** What its client, definition and server are called after: `Review`. */
  readonly service: string;
  /** What it keeps, each with a model. */
  readonly tables: readonly TableNames[];
}

interface ApiNames {
  readonly starts: "texts" | "rows" | "greeting" | "own";
}

/** What the files of a service call a table's model. */
export interface TableNames {
  /** In SQL: `review`. */
  readonly table: string;
  /** `review-model` */
  readonly file: string;
  /** `ReviewModel` */
  readonly type: string;
  /** `createReviewModel` */
  readonly create: string;
  /** `reviewModel` */
  readonly property: string;
  /** Whether its primary key is a text; else it is a number. */
  readonly textKey: boolean;
}

/** The table that a service of texts starts with. */
export function textsTable(name: string): TableNames {
  return namesOf(name, false);
}

export function tableNames({ name, columns, primaryKey }: SqlTable): TableNames {
  return namesOf(name, columns.find((column) => column.name === primaryKey)?.type.kind === "text");
}

function namesOf(table: string, textKey: boolean): TableNames {
  const { file, ownModel, createOwnModel } = modelNames(table);
  return { table, file, type: ownModel, create: createOwnModel, property: lowerFirst(ownModel), textKey };
}

/** `review` → `Review`: the block of its keys, and what its types start with. */
export const typeOfService = pascalCase;
