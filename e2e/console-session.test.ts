import assert from "node:assert/strict";
import { before, it } from "node:test";
import { forEachDatabase, until } from "@mall/kit/testing";
import { createUserHttpClient } from "@mall/user/api";
import { preparePages } from "@mall/web/pages";
import { startTestMall } from "./support/mall.ts";
import { askAt, type KeptSession, signInAt, signOutAt } from "./support/page-session.ts";
import { newMobile, PASSWORD } from "./support/people.ts";

/** Every process asks every 3 s; a loaded machine takes its time to answer. */
const LEARNED_MS_MAX = 15_000;

forEachDatabase("a session that was signed out of", (databases) => {
  before(() => preparePages(() => {}));

  const who = async (url: string, session: KeptSession): Promise<unknown> => {
    const { status, body } = await askAt(url, session, { path: "/api/user/userinfo" });
    return status === 200 ? body.mobile : body.reason;
  };

  async function registered(url: string): Promise<string> {
    const mobile = newMobile();
    await createUserHttpClient({ baseUrl: url }).register({
      name: "ving",
      gender: 1,
      mobile,
      password: PASSWORD,
    });
    return mobile;
  }

  it("is over in a process that starts after it, from its first request on", async (t) => {
    const dataSource = await databases.createDataSource();
    const first = await startTestMall({ dataSource });
    const mobile = await registered(first.url);
    const [ended, other] = [await signInAt(first.url, mobile), await signInAt(first.url, mobile)];
    assert.equal(await who(first.url, ended), mobile);
    await signOutAt(first.url, ended);
    assert.equal(await who(first.url, ended), "SESSION_ENDED");
    await first.stop();
    const second = await startTestMall({ dataSource });
    t.after(() => second.stop());
    assert.equal(await who(second.url, ended), "SESSION_ENDED");
    assert.equal(await who(second.url, other), mobile);
  });

  it("is over in every replica within seconds", async (t) => {
    const dataSource = await databases.createDataSource();
    const first = await startTestMall({ dataSource });
    t.after(() => first.stop());
    const second = await startTestMall({ dataSource });
    t.after(() => second.stop());
    const mobile = await registered(first.url);
    const [ended, other] = [await signInAt(first.url, mobile), await signInAt(first.url, mobile)];
    assert.equal(await who(second.url, ended), mobile);
    await signOutAt(first.url, ended);
    await until("the other replica refuses it", () => who(second.url, ended), {
      holds: (told) => told === "SESSION_ENDED",
      withinMs: LEARNED_MS_MAX,
    });
    assert.equal(await who(second.url, other), mobile);
  });
});
