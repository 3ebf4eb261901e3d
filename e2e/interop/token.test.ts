import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { freePort, startGoServer } from "@mall/kit/testing";
import { createUserHttpClient } from "@mall/user/api";
import { stringify } from "yaml";
import { startTestMall, TEST_SECRET, type TestMall } from "../support/mall.ts";
import { gatewayUrls, newCustomer } from "../support/people.ts";
import { findGoPrograms, type GoPrograms } from "./go-programs.ts";

const found = await findGoPrograms();

/** An api of go-zero's that gives and takes the seed's tokens. */
interface GoApi {
  /** A token for a uid. */
  login(uid: number): Promise<string>;
  /** The status and the uid that a token is taken for. */
  userInfo(token: string): Promise<[status: number, uid?: number]>;
}

for (const programs of found.programs) {
  describe(`tokens with go-zero ${programs.version}`, { skip: found.skip, timeout: 300_000 }, () => {
    let mall: TestMall;

    before(async () => {
      mall = await startTestMall();
    });
    after(() => mall.stop());

    it("of ours let their bearer into its api, as the user they were made for", async (t) => {
      const api = await startGoApi(t, programs, TEST_SECRET);
      const { uid, token } = await newCustomer(gatewayUrls(mall.url));
      assert.deepEqual(await api.userInfo(token), [200, uid]);
    });

    it("of its let their bearer into ours, as the user they were made for", async (t) => {
      const api = await startGoApi(t, programs, TEST_SECRET);
      const { uid } = await newCustomer(gatewayUrls(mall.url));
      const token = await api.login(uid);
      assert.equal((await createUserHttpClient({ baseUrl: mall.url, token }).userInfo()).id, uid);
    });

    it("made with another secret are refused by both", async (t) => {
      const api = await startGoApi(t, programs, `${TEST_SECRET}-other`);
      const { uid, token } = await newCustomer(gatewayUrls(mall.url));
      assert.deepEqual(await api.userInfo(token), [401]);
      const theirs = createUserHttpClient({ baseUrl: mall.url, token: await api.login(uid) });
      await assert.rejects(theirs.userInfo(), { code: "UNAUTHENTICATED" });
    });
  });
}

async function startGoApi(t: TestContext, programs: GoPrograms, secret: string): Promise<GoApi> {
  const folder = mkdtempSync(join(tmpdir(), "mall-token-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const path = join(folder, "api.yaml");
  const auth = { AccessSecret: secret, AccessExpire: 3600 };
  writeFileSync(path, stringify({ Name: "User", Host: "127.0.0.1", Port: port, Mode: "dev", Auth: auth }));
  const server = await startGoServer(programs, ["api", path], port);
  t.after(() => server.stop());
  const post = (route: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${route}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  return {
    login: async (uid) => {
      const answer = (await (await post("/login", { uid })).json()) as { accessToken: string };
      return answer.accessToken;
    },
    userInfo: async (token) => {
      const response = await post("/userinfo", {}, { authorization: `bearer ${token}` });
      if (response.status !== 200) return [response.status];
      const { uid } = (await response.json()) as { uid: number };
      return [200, uid];
    },
  };
}
