import type { Runtime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import { databasePathIn } from "../../all-in-one/data-dir.ts";
import { booksLines } from "../../operator/ledger-text.ts";
import { findingLines, verifiedLines } from "../../operator/verify-text.ts";
import { verifyMall } from "../../verify/index.ts";
import type { Paper } from "../transcript.ts";
import { type ChaosMall, startChaosMall } from "./chaos-mall.ts";
import { killed } from "./scenes/crash.ts";
import { afterClose, soldOut } from "./scenes/late-money.ts";
import { doubled, lost, nothingWrong, tampered } from "./scenes/notifications.ts";
import { inParts, twice } from "./scenes/refunds.ts";
import { wrongAmount } from "./scenes/wrong-amount.ts";
import { openShop } from "./shop.ts";
import { createStory } from "./story.ts";

const SCENES = [
  ...[nothingWrong, lost, doubled, tampered, wrongAmount],
  ...[afterClose, soldOut, twice, inParts, killed],
];

/**
 * Plays purchases that go wrong against a mall of its own, and compares books, payments, orders and stock at the end.
 *
 * @returns whether they say the same.
 * @throws AppError FAILED_PRECONDITION DEMO_FAILED where mall does not do as it should.
 */
export async function playChaos(paper: Paper, runtime: Runtime): Promise<boolean> {
  const mall = await startChaosMall();
  try {
    paper.write(`Talking to a mall of the demo's own at ${mall.url}, with a sandbox bank: no money moves\n`);
    const story = createStory(paper);
    const shop = await openShop(mall, story, runtime);
    for (const { title, play } of SCENES) {
      story.scene(title);
      await play(shop);
    }
    story.scene("The books (mall verify)");
    return await compareAll(mall, paper, runtime);
  } finally {
    await mall.remove();
  }
}

async function compareAll({ dataDir }: ChaosMall, paper: Paper, runtime: Runtime): Promise<boolean> {
  const write = (lines: readonly string[]): void => {
    for (const line of lines) paper.write(`   ${line}\n`);
  };
  const database = await openDatabase({ dataSource: `sqlite:${databasePathIn(dataDir)}`, runtime });
  const begun = runtime.now();
  try {
    const verified = await verifyMall(
      { product: database, order: database, pay: database },
      {
        report: (finding) => {
          if (!finding.isUnderWay) write(findingLines(finding, false));
        },
      },
    );
    write(booksLines(verified.books));
    write(verifiedLines(verified, (runtime.now() - begun) / 1000));
    return verified.differences === 0;
  } finally {
    await database.close();
  }
}
