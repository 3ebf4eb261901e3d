import { loadConfig, mysqlConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { parseDataSource, serverText } from "@mall/kit/store";
import { z } from "zod";
import { type Finding, fail } from "./finding.ts";

const mysqlBlock = z.object({ Mysql: mysqlConfig.optional() });

/** Do all files that name one database give its times one meaning? */
export function checkOneLoc(files: readonly string[]): Finding[] {
  const found = new Map<string, Map<string, string>>();
  for (const file of files) {
    const meaning = meaningOf(file);
    if (meaning === undefined) continue;
    const ofDatabase = found.get(meaning.database) ?? new Map<string, string>();
    found.set(meaning.database, ofDatabase);
    if (!ofDatabase.has(meaning.zones)) ofDatabase.set(meaning.zones, file);
  }
  return [...found]
    .filter(([, meanings]) => meanings.size > 1)
    .map(([database, meanings]) => {
      const each = [...meanings].map(([zones, file]) => `${file} has ${zones}`);
      return fail(
        `MySQL database ${database}: ${each.join(", ")}: each reads the other's times as other instants`,
        "name one loc and one time_zone in every DSN",
      );
    });
}

/** What a file says about times; undefined where it says nothing, or others say what is wrong with it. */
function meaningOf(file: string): { readonly database: string; readonly zones: string } | undefined {
  try {
    const source = parseDataSource(loadConfig(file, mysqlBlock).Mysql?.DataSource ?? "sqlite:none");
    if (source.dialect === "sqlite") return undefined;
    const zone = Object.entries(source.sessionVariables).find(([name]) => name.toLowerCase() === "time_zone");
    const session = zone === undefined ? "" : ` and time_zone ${zone[1]}`;
    return {
      database: `${source.database} at ${serverText(source.address)}`,
      zones: `loc ${source.zone}${session}`,
    };
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
