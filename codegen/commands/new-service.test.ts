import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { listFiles } from "./list-files.ts";
import { makeService } from "./new-service.ts";
import { run } from "./test-run.ts";

const ROOT = join(import.meta.dirname, "../..");
const exec = promisify(execFile);

const SQL = `SET NAMES utf8mb4;
DROP TABLE IF EXISTS \`coupon\`;
CREATE TABLE \`coupon\` (
  \`sn\` varchar(32) NOT NULL,
  \`amount\` decimal(10,2) NOT NULL DEFAULT '0.00',
  PRIMARY KEY (\`sn\`)
) ENGINE=InnoDB;
CREATE TABLE \`coupon_use\` (
  \`id\` bigint NOT NULL AUTO_INCREMENT,
  \`sn\` varchar(32) NOT NULL,
  PRIMARY KEY (\`id\`),
  UNIQUE KEY \`sn_unique\` (\`sn\`)
) ENGINE=InnoDB;
`;
const PROTO = `syntax = "proto3";
package coupons;
import "common/paging.proto";
message GiveReq { int64 uid = 1; common.Paging paging = 2; }
message GiveResp { string sn = 1; }
service couponCenter { rpc give(GiveReq) returns (GiveResp); rpc watch(GiveReq) returns (stream GiveResp); }
`;
const PAGING = 'syntax = "proto3";\npackage common;\nmessage Paging { int32 page = 1; }\n';
const API = `syntax = "v1"
import "types.api"
@server (
	prefix: /v1/coupon
	group: customer
	middleware: Check
)
service coupon-api {
	@handler GiveHandler
	post /give (GiveReq) returns (GiveResp)

	@handler look
	get /:sn (LookReq) returns ([]GiveResp)
}
`;
const TYPES = `type (
	GiveReq {
		Uid int64 \`form:"uid,optional"\`
	}
	GiveResp {
		Sn string \`json:"sn"\`
	}
	LookReq {
		Sn string \`path:"sn"\`
	}
)
`;

/** A folder with services, as a mall has them, and contracts of somebody's own. */
async function freshMall(context: TestContext): Promise<{ services: string; own: string; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "mallctl-new-"));
  context.after(() => rm(folder, { recursive: true }));
  const services = join(folder, "services");
  const own = join(folder, "own");
  await mkdir(join(own, "common"), { recursive: true });
  await mkdir(join(services, "user"), { recursive: true });
  await writeFile(join(services, "user/service.ts"), "export {};\n");
  for (const [path, text] of Object.entries({
    "deploy.sql": SQL,
    "center.proto": PROTO,
    "common/paging.proto": PAGING,
    "main.api": API,
    "types.api": TYPES,
  }))
    await writeFile(join(own, path), text);
  return { services, own, folder };
}

test("a new service type-checks as it is, of whichever parts and contracts, in a mall and outside of one", async (context) => {
  const { services, own, folder } = await freshMall(context);
  const alone = join(folder, "alone");
  const rpc = join(own, "center.proto");
  const api = join(own, "main.api");
  const model = join(own, "deploy.sql");
  await makeService({ name: "review", dir: services });
  await makeService({ name: "zebra", dir: services, rpc: true });
  await makeService({ name: "hello", dir: services, api: true });
  await makeService({ name: "coupon", dir: services, model });
  await makeService({ name: "center", dir: services, rpc, api: true });
  await makeService({ name: "gate", dir: services, api });
  await makeService({ name: "note", dir: alone });
  await makeService({ name: "rows", dir: alone, rpc: true, model });
  await makeService({ name: "all", dir: alone, rpc, api, model });
  await makeService({ name: "front", dir: alone, api: true });
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: join(ROOT, "tsconfig.json"), include: ["services", "alone"] }),
  );
  const tsc = join(ROOT, "node_modules/.bin/tsc");
  await exec(process.execPath, [tsc, "--noEmit", "-p", folder]).catch(({ stdout }: { stdout: string }) =>
    assert.fail(stdout),
  );
});

test("the flags choose the parts, and each says what it has to the mall", async (context) => {
  const { services, own } = await freshMall(context);
  const made = async (name: string, ...flags: string[]): Promise<string> => {
    const { exitCode, err, out } = await run("new", name, "-dir", services, ...flags);
    assert.deepEqual({ exitCode, err }, { exitCode: 0, err: "" });
    assert.equal(out.at(-1), `Next: npm install && npm run format && npm test -- e2e/${name}`);
    return readFile(join(services, name, "service.ts"), "utf8");
  };
  const layers = async (name: string): Promise<string[]> => {
    const files = listFiles(join(services, name));
    return ["api", "model", "rpc"].filter((layer) => files.some((file) => file.startsWith(`${layer}/`)));
  };
  assert.match(await made("both"), /ports: \{ api: 8004, rpc: 9004 \},\n[^}]*rpc: async[^}]*api: async/);
  assert.deepEqual(await layers("both"), ["api", "model", "rpc"]);
  assert.match(
    await made("back", "--rpc"),
    /ports: \{ rpc: 9005 \},\n {2}calls: \[\],\n {2}rpc: async.*\n\};/,
  );
  assert.deepEqual(await layers("back"), ["model", "rpc"]);
  assert.match(
    await made("front", "--api"),
    /ports: \{ api: 8005 \},\n {2}calls: \[\],\n {2}api: async.*\n\};/,
  );
  assert.deepEqual(await layers("front"), ["api"]);
  assert.match(await made("third", "--rpc", join(own, "center.proto")), /ports: \{ rpc: 9006 \}/);
  assert.deepEqual(await layers("third"), ["rpc"]);
  assert.equal((await run("api", "new", "shopfront", "-dir", services)).exitCode, 0);
  assert.deepEqual(await layers("shopfront"), ["api"]);
  assert.equal((await run("rpc", "new", "stock", "-dir", services)).exitCode, 0);
  assert.deepEqual(await layers("stock"), ["model", "rpc"]);
});

test("somebody's own contracts come along whole, with what they import and all of their tables", async (context) => {
  const { services, own } = await freshMall(context);
  const contracts = {
    rpc: join(own, "center.proto"),
    api: join(own, "main.api"),
    model: join(own, "deploy.sql"),
  };
  await makeService({ name: "coupon", dir: services, ...contracts });
  const text = (path: string): Promise<string> => readFile(join(services, "coupon", path), "utf8");
  assert.equal(await text("rpc/coupon.proto"), PROTO);
  assert.equal(await text("rpc/common/paging.proto"), PAGING);
  assert.equal(await text("api/coupon.api"), API);
  assert.equal(await text("api/types.api"), TYPES);
  assert.equal(await text("model/coupon.sql"), SQL);
  assert.match(await text("model/migrations/0001-create.sql"), /^CREATE TABLE IF NOT EXISTS `coupon`/);
  assert.match(
    await text("rpc/context.ts"),
    /couponModel: CouponModel;\n {2}readonly couponUseModel: CouponUseModel;/,
  );
  assert.match(await text("rpc/main.ts"), /return createCouponCenterServer\(/);
  assert.match(await text("api/context.ts"), /readonly couponRpc: CouponCenterClient;/);
  // Generated again from where they stand now, nothing changes.
  const before = await text("api/gen/routes.ts");
  const api = join(services, "coupon/api");
  assert.equal((await run("api", "ts", "-api", join(api, "coupon.api"), "-dir", api)).err, "");
  assert.equal(await text("api/gen/routes.ts"), before);
});

test("what cannot be made is refused before anything is written", async (context) => {
  const { services, own } = await freshMall(context);
  await writeFile(
    join(own, "broken.api"),
    'type X {\n\tA strin `json:"a"`\n}\nservice x {\n\t@handler a\n\tget /a\n}\n',
  );
  await writeFile(join(own, "broken.sql"), "CREATE TABLE `a` (`id` bigint NOT NULL);\n");
  await writeFile(join(own, "two.proto"), `${PROTO}service Other { rpc a(GiveReq) returns (GiveResp); }\n`);
  await mkdir(join(own, "sub"));
  await writeFile(join(own, "sub/up.api"), API.replace('"types.api"', '"../types.api"'));
  await makeService({ name: "coupon", dir: services, model: join(own, "deploy.sql"), rpc: true });
  await makeService({ name: "gate", dir: services, api: join(own, "main.api") });
  const before = listFiles(services);
  const refused = async (text: RegExp, name: string, ...flags: string[]): Promise<void> => {
    const { exitCode, err } = await run("new", name, "-dir", services, ...flags);
    assert.match(err, text);
    assert.equal(exitCode, 1);
    assert.deepEqual(listFiles(services), before);
  };
  await refused(/^the name "Review" cannot be that of a service/, "Review");
  await refused(/^the name "shop" cannot be that of a service/, "shop");
  await refused(/^the name "gateway" cannot be that of a service/, "gateway");
  await refused(/services\/gate: there is one; remove it/, "gate");
  await refused(/own\/broken\.api:2:4: .*strin/, "review", "--api", join(own, "broken.api"));
  await refused(/own\/broken\.sql:1:\d+: /, "review", "--model", join(own, "broken.sql"));
  await refused(/own\/none\.proto: no such file/, "review", "--rpc", join(own, "none.proto"));
  await refused(
    /own\/two\.proto:1:1: a process serves one service/,
    "review",
    "--rpc",
    join(own, "two.proto"),
  );
  await refused(
    /up\.api: imports \.\.\/types\.api, which is not beside it/,
    "review",
    "--api",
    join(own, "sub/up.api"),
  );
  await refused(/^--model: tables belong to an rpc/, "review", "--api", "--model", join(own, "deploy.sql"));
  await refused(
    /^the table `coupon` is kept by the service coupon/,
    "review",
    "--model",
    join(own, "deploy.sql"),
  );
  await refused(
    /^POST \/v1\/coupon\/give is served by the service gate/,
    "review",
    "--api",
    join(own, "main.api"),
  );
});

test("a folder that was not there is not there after a refusal either", async (context) => {
  const { folder, own } = await freshMall(context);
  const dir = join(folder, "nowhere");
  const { exitCode } = await run("new", "review", "-dir", dir, "--rpc", join(own, "none.proto"));
  assert.equal(exitCode, 1);
  await assert.rejects(readFile(dir), { code: "ENOENT" });
});
