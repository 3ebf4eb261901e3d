import { after, before, describe, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { startTestMall } from "./support/mall.ts";
import { type ApiUrls, gatewayUrls } from "./support/people.ts";
import { playJourney } from "./support/play-journey.ts";
import { startSplitMall } from "./support/split.ts";
import { assertVerified } from "./support/verified.ts";

interface Placed {
  readonly urls: ApiUrls;
  stop(): Promise<void>;
}

const PLACEMENTS: Readonly<Record<string, (dataSource: string) => Promise<Placed>>> = {
  "all-in-one": async (dataSource) => {
    const mall = await startTestMall({ dataSource });
    return { urls: gatewayUrls(mall.url), stop: () => mall.stop() };
  },
  "eight processes": (dataSource) => startSplitMall({ dataSource }),
};

forEachDatabase("the seed's journey", (databases) => {
  for (const [name, start] of Object.entries(PLACEMENTS)) {
    describe(name, () => {
      let placed: Placed;
      let dataSource: string;

      before(async () => {
        dataSource = await databases.createDataSource();
        placed = await start(dataSource);
      });
      after(() => placed.stop());

      it("ends with a paid order", () => playJourney(placed.urls));

      it("leaves payments, orders and stock that say the same", () => assertVerified(dataSource));
    });
  }
});
