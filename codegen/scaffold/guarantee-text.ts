import type { RpcNames, ServiceNames } from "./service-names.ts";
import { sortedByModule } from "./sorted-imports.ts";

/** What a test says over a whole mall, and what it imports for it. */
interface Guarantee {
  readonly title: string;
  readonly imports: readonly string[];
  readonly lines: readonly string[];
}

const PEOPLE = 'import { gatewayUrls, newCustomer } from "./support/people.ts";';

/** `e2e/<name>.test.ts`: what a new service promises. */
export function testText(names: ServiceNames): string {
  const { type, rpc, api } = names;
  const guarantees = [
    ...(api ? [ofApi(names, api.starts)] : []),
    // What an api asks is seen through it.
    ...(rpc && (!api || api.starts === "own" || api.starts === "greeting") ? [ofRpc(names, rpc)] : []),
  ];
  const ports = [...(api ? ["Api: 0"] : []), ...(rpc ? ["Rpc: 0"] : [])].join(", ");
  const imports = new Set([
    'import assert from "node:assert/strict";',
    'import { it } from "node:test";',
    ...guarantees.flatMap((each) => each.imports),
    'import { startTestMall } from "./support/mall.ts";',
  ]);
  const tests = guarantees.map(
    ({ title, lines }) => `
it("${title}", async () => {
  const mall = await startTestMall({ blocks: { ${type}: { ${ports} } } });
  try {
${lines.map((line) => `    ${line}\n`).join("")}  } finally {
    await mall.stop();
  }
});
`,
  );
  return `${sortedByModule([...imports]).join("\n")}\n${tests.join("")}`;
}

function ofApi(names: ServiceNames, starts: "texts" | "rows" | "greeting" | "own"): Guarantee {
  const { name, type } = names;
  if (starts === "own") return servedRoutes(name);
  const client = {
    imports: [`import { create${type}HttpClient } from "@mall/${name}/api";`, PEOPLE],
    start: [
      "const owner = await newCustomer(gatewayUrls(mall.url));",
      `const own = create${type}HttpClient({ baseUrl: mall.url, token: owner.token });`,
    ],
  };
  if (starts === "greeting") {
    return {
      title: "greets who asks, by name and number",
      imports: client.imports,
      lines: [
        ...client.start,
        'const greeting = { message: "hello, world", uid: owner.uid };',
        'assert.deepEqual(await own.greet({ name: "world" }), greeting);',
      ],
    };
  }
  if (starts === "rows") {
    return {
      title: "knows which rows there are",
      imports: client.imports,
      lines: [
        ...client.start,
        `assert.deepEqual(await own.exists({ id: ${firstId(names)} }), { exists: false });`,
      ],
    };
  }
  return {
    title: "gives back to its owner what was created, and to nobody else",
    imports: client.imports,
    lines: [
      ...client.start,
      'const { id } = await own.create({ text: "hello" });',
      'assert.deepEqual(await own.detail({ id }), { id, text: "hello" });',
      "const other = await newCustomer(gatewayUrls(mall.url));",
      `const others = create${type}HttpClient({ baseUrl: mall.url, token: other.token });`,
      `await assert.rejects(others.detail({ id }), { reason: "${name.toUpperCase()}_NOT_FOUND" });`,
    ],
  };
}

function servedRoutes(name: string): Guarantee {
  return {
    title: "every route of the contract is served",
    imports: [`import { ${name}OpenApi } from "@mall/${name}/api/openapi";`],
    lines: [
      `for (const [path, operations] of Object.entries(${name}OpenApi.paths)) {`,
      "  for (const method of Object.keys(Object(operations))) {",
      "    const response = await fetch(mall.url + path, { method: method.toUpperCase() });",
      '    const refusal = response.ok ? "" : await response.text();',
      "    if (response.ok) await response.body?.cancel();",
      `    assert.doesNotMatch(refusal, /ROUTE_NOT_FOUND|METHOD_NOT_ALLOWED/, \`\${method} \${path}\`);`,
      "  }",
      "}",
    ],
  };
}

function ofRpc(names: ServiceNames, { starts, service }: RpcNames): Guarantee {
  const { name } = names;
  const imports = [
    'import { connectRpcClient } from "@mall/kit/rpc";',
    'import { systemRuntime } from "@mall/kit/runtime";',
    `import { ${service}Service } from "@mall/${name}/rpc";`,
  ];
  const connect = [
    "const connection = connectRpcClient({",
    `  definition: ${service}Service,`,
    `  endpoints: [mall.address("${name}.rpc")],`,
    "  timeoutMs: 5_000,",
    "  runtime: systemRuntime,",
    "});",
  ];
  if (starts === "own") {
    return {
      title: "every method of the contract is served",
      imports,
      lines: [
        ...connect,
        "await connection.ready(5_000);",
        "assert.deepEqual(await connection.missing(), []);",
        "connection.close();",
      ],
    };
  }
  const called = [...imports, 'import { backgroundCall } from "@mall/kit/call";'];
  if (starts === "rows") {
    return {
      title: "knows over gRPC which rows there are",
      imports: called,
      lines: [
        ...connect,
        `const answer = await connection.client.exists(backgroundCall(), { id: ${firstId(names)} });`,
        "connection.close();",
        "assert.deepEqual(answer, { exists: false });",
      ],
    };
  }
  return {
    title: "gives back over gRPC what was created",
    imports: called,
    lines: [
      ...connect,
      "const { client } = connection;",
      'const { id } = await client.create(backgroundCall(), { uid: 7, text: "hello" });',
      "const detail = await client.detail(backgroundCall(), { id });",
      "connection.close();",
      'assert.deepEqual(detail, { id, uid: 7, text: "hello" });',
    ],
  };
}

function firstId({ rpc }: ServiceNames): string {
  return rpc?.tables[0]?.textKey ? '"1"' : "1";
}
