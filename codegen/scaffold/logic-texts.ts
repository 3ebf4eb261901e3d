import type { ServiceNames } from "./service-names.ts";

/** The logic of a new service's two operations, and a test of both over a whole mall. */
export function logicTexts({ name }: Pick<ServiceNames, "name">): Record<string, string> {
  return {
    "rpc/logic/create.ts": `import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { CreateRequest, CreateResponse } from "../gen/${name}.ts";

/** Keeps a text of somebody. */
export async function create(
  { idempotency, ${name}Model }: ServiceContext,
  call: Call,
  { uid, text }: CreateRequest,
): Promise<CreateResponse> {
  const row = { uid, text };
  return idempotency.once<CreateResponse>(call, row, (commit) =>
    commit.statement(async (tx) => ({ answer: { id: await ${name}Model.insert(row, tx) } })),
  );
}
`,
    "rpc/logic/detail.ts": `import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import { ${name}NotFound } from "../errors.ts";
import type { DetailRequest, DetailResponse } from "../gen/${name}.ts";

/** One of them, whoever's it is. */
export async function detail(
  { ${name}Model }: ServiceContext,
  _call: Call,
  request: DetailRequest,
): Promise<DetailResponse> {
  const row = await ${name}Model.findOne(request.id);
  if (row === undefined) throw ${name}NotFound();
  return { id: row.id, uid: row.uid, text: row.text };
}
`,
    "api/logic/create.ts": `import { callerOf } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { CreateRequest, CreateResponse } from "../gen/types.ts";

/** For whoever is logged in, as oneself. */
export async function create(
  { ${name}Rpc }: ServiceContext,
  call: Call,
  { text }: CreateRequest,
): Promise<CreateResponse> {
  return ${name}Rpc.create(call, { uid: callerOf(call).uid, text });
}
`,
    "api/logic/detail.ts": `import { callerOf } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { ${name}NotFound } from "../../rpc/errors.ts";
import type { ServiceContext } from "../context.ts";
import type { DetailRequest, DetailResponse } from "../gen/types.ts";

/** One's own; those of others are not found. */
export async function detail(
  { ${name}Rpc }: ServiceContext,
  call: Call,
  request: DetailRequest,
): Promise<DetailResponse> {
  const { id, uid, text } = await ${name}Rpc.detail(call, request);
  if (uid !== callerOf(call).uid) throw ${name}NotFound();
  return { id, text };
}
`,
  };
}

/** `e2e/<name>.test.ts`: the guarantee of a new service. */
export function testText({ name, type }: ServiceNames): string {
  return `import assert from "node:assert/strict";
import { it } from "node:test";
import { create${type}HttpClient } from "@mall/${name}/api";
import { startTestMall } from "./support/mall.ts";
import { gatewayUrls, newCustomer } from "./support/people.ts";

it("gives back to its owner what was created, and to nobody else", async () => {
  const mall = await startTestMall({ blocks: { ${type}: { Api: 0, Rpc: 0 } } });
  try {
    const owner = await newCustomer(gatewayUrls(mall.url));
    const other = await newCustomer(gatewayUrls(mall.url));
    const own = create${type}HttpClient({ baseUrl: mall.url, token: owner.token });
    const { id } = await own.create({ text: "hello" });
    assert.deepEqual(await own.detail({ id }), { id, text: "hello" });
    const others = create${type}HttpClient({ baseUrl: mall.url, token: other.token });
    await assert.rejects(others.detail({ id }), { reason: "${name.toUpperCase()}_NOT_FOUND" });
  } finally {
    await mall.stop();
  }
});
`;
}
