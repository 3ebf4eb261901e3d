import { checkConfig, loadConfig } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/runtime";
import { allInOneConfig } from "../all-in-one/config.ts";
import { checkAllInOne } from "./check-all-in-one.ts";
import { checkOneLoc } from "./check-one-loc.ts";
import { checkApiProcess, checkRpcProcess } from "./check-process.ts";
import { checkRuntime } from "./check-runtime.ts";
import { configKindOf } from "./config-kind.ts";
import { type Finding, failure } from "./finding.ts";

export interface ToExamine {
  /** Configuration files, of split processes or of an all-in-one. */
  readonly files: readonly string[];
  /** Data folder of an all-in-one, instead of the one that its configuration names. */
  readonly dataDir: string | undefined;
}

/** Looks at all that the named processes need; at an all-in-one with the defaults where no file is named. */
export async function examine({ files, dataDir }: ToExamine, runtime: Runtime): Promise<Finding[]> {
  const findings = [checkRuntime()];
  for (const file of files) findings.push(...(await examineFile(file, dataDir, runtime)));
  if (files.length > 0) return [...findings, ...checkOneLoc(files)];
  const config = checkConfig("(flags)", dataDir === undefined ? {} : { DataDir: dataDir }, allInOneConfig);
  return [...findings, ...(await checkAllInOne(config, runtime))];
}

async function examineFile(file: string, dataDir: string | undefined, runtime: Runtime): Promise<Finding[]> {
  try {
    const kind = await configKindOf(file);
    if (kind.kind === "rpc") return await checkRpcProcess(file, kind.service, runtime);
    if (kind.kind === "api") return await checkApiProcess(file, kind.api, runtime);
    const config = loadConfig(file, allInOneConfig);
    return await checkAllInOne({ ...config, DataDir: dataDir ?? config.DataDir }, runtime);
  } catch (error) {
    return [failure(error)];
  }
}
