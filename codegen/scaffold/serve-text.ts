import type { ServiceNames } from "./service-names.ts";

/** `serve.ts`: starts a service that stands outside of a mall, whole or each of its processes by itself. */
export function serveText({ name, rpc, api }: ServiceNames): string {
  if (!api) return rpcAlone(name);
  if (!rpc) return apiAlone(name);
  return `import { join } from "node:path";
import { readConfig } from "@mall/kit/config";
import { Companions, type RunningProcess, serveApi, serveRpc } from "@mall/kit/process";
import { systemRuntime } from "@mall/kit/runtime";
import { migrateToLatest, openDatabase } from "@mall/kit/store";
import { ${name}Api } from "./api/main.ts";
import { ${name}Rpc } from "./rpc/main.ts";

// Both in one process, or \`rpc\` or \`api\` alone: node services/${name}/serve.ts [rpc | api]

const RPC_FILE = join(import.meta.dirname, "rpc/etc/${name}.yaml");
const API_FILE = join(import.meta.dirname, "api/etc/${name}.yaml");

${migrateText(name)}
const [only] = process.argv.slice(2);
const companions = new Companions();
const running: RunningProcess[] = [];
if (only !== "api") {
  await migrate();
  running.push(await serveRpc(${name}Rpc, RPC_FILE, systemRuntime, companions));
}
if (only !== "rpc") running.push(await serveApi(${name}Api, API_FILE, systemRuntime, companions));
for (const { name, url } of running.flatMap(({ addresses }) => addresses))
  process.stdout.write(\`\${name} is ready at \${url}\\n\`);
${stopLines("for (const each of running.toReversed()) await each.stop();")}`;
}

function rpcAlone(name: string): string {
  return `import { join } from "node:path";
import { readConfig } from "@mall/kit/config";
import { serveRpc } from "@mall/kit/process";
import { systemRuntime } from "@mall/kit/runtime";
import { migrateToLatest, openDatabase } from "@mall/kit/store";
import { ${name}Rpc } from "./rpc/main.ts";

const RPC_FILE = join(import.meta.dirname, "rpc/etc/${name}.yaml");

${migrateText(name)}
await migrate();
const running = await serveRpc(${name}Rpc, RPC_FILE, systemRuntime);
${ALONE}`;
}

function apiAlone(name: string): string {
  return `import { join } from "node:path";
import { serveApi } from "@mall/kit/process";
import { systemRuntime } from "@mall/kit/runtime";
import { ${name}Api } from "./api/main.ts";

const API_FILE = join(import.meta.dirname, "api/etc/${name}.yaml");

const running = await serveApi(${name}Api, API_FILE, systemRuntime);
${ALONE}`;
}

function migrateText(name: string): string {
  return `async function migrate(): Promise<void> {
  const { config } = readConfig(RPC_FILE, ${name}Rpc.config);
  const database = await openDatabase({ dataSource: config.Mysql.DataSource, runtime: systemRuntime });
  for (const set of ${name}Rpc.migrations) await migrateToLatest(database, set);
  await database.close();
}
`;
}

function stopLines(stop: string): string {
  return `
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, async () => {
    ${stop}
    process.exit(0);
  });
}
`;
}

const ALONE = `for (const { name, url } of running.addresses) process.stdout.write(\`\${name} is ready at \${url}\\n\`);
${stopLines("await running.stop();")}`;
