import { after, before, describe } from "node:test";
import { startRedis, type TestRedis, whyNoRedis } from "@mall/kit/testing";

/** Where a suite's malls cache their rows. */
export interface TestCache {
  /** `host:port` of Redis once the suite runs; undefined where rows are not cached. */
  readonly host: string | undefined;
}

/** Defines the same tests for malls that cache no rows and for malls that share them in a Redis of the suite's own. */
export function forEachCache(define: (cache: TestCache) => void): void {
  describe("without a cache", () => define({ host: undefined }));
  describe("with rows in Redis", { skip: whyNoRedis() ?? false }, () => {
    let redis: TestRedis | undefined;
    before(async () => {
      redis = await startRedis();
    });
    define({
      get host() {
        return redis?.host;
      },
    });
    after(() => redis?.stop());
  });
}
