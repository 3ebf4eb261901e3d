import { readPages } from "@mall/kit/store";
import { NOTIFY_STATE } from "@mall/pay/model/pay-notify-model";
import { type Finding, found } from "./finding.ts";
import { judgePay } from "./judge-pay.ts";
import { type MallSnapshots, withSnapshots } from "./mall-databases.ts";
import { numberIn, openJobsAbout } from "./open-jobs.ts";
import { ALL_PAYS, readPayFiles, readPays } from "./pay-file.ts";
import { SecondLooks } from "./second-look.ts";
import type { Verification } from "./verification.ts";

const NOTIFY_JOB = "pay.notify";

/** Compares every payment with its order; returns how many there are. */
export async function checkPays(verification: Verification, snapshots: MallSnapshots): Promise<number> {
  const { databases, report, progress } = verification;
  const looks = new SecondLooks((ids) => lookAt(verification, ids), report);
  let pays = 0;
  for await (const rows of readPages(snapshots.pay, ALL_PAYS)) {
    const files = await readPayFiles(databases, snapshots, rows, false);
    const suspects = files.filter((file) => judgePay(file, verification).length > 0);
    await looks.suspect(suspects.map(({ id }) => id));
    pays += rows.length;
    progress("payments", pays);
  }
  await looks.finish();
  return pays;
}

function lookAt(verification: Verification, ids: readonly number[]): Promise<Finding[]> {
  const { databases } = verification;
  return withSnapshots(databases, async (snapshots) => {
    const rows = await readPays(snapshots.pay, ids);
    const files = await readPayFiles(databases, snapshots, rows, true);
    return files.flatMap((file) => judgePay(file, verification));
  });
}

/** What channels said is acted on. */
export async function checkNotifies({ report }: Verification, { pay }: MallSnapshots): Promise<void> {
  const sql = `SELECT id, channel, event_key AS eventKey FROM pay_notify WHERE state = ${NOTIFY_STATE.received} AND id > ?`;
  for await (const rows of readPages(pay, { sql, key: "id", from: 0 })) {
    const about = new Set(rows.map(({ id }) => Number(id)));
    const subjectOf = (payload: unknown) => numberIn(payload, "notifyId");
    const jobs = await openJobsAbout(pay, { queue: "pay", kinds: [NOTIFY_JOB], subjectOf, about });
    for (const { id, channel, eventKey } of rows) {
      const isUnderWay = (jobs.get(Number(id)) ?? []).some(({ isDead }) => !isDead);
      const text = `notification ${id} (${channel} ${eventKey}): stored, and ${isUnderWay ? "to be" : "never"} acted on`;
      await report(found("NOTIFY_UNWATCHED", { text, rows: { notify: Number(id) }, isUnderWay }));
    }
  }
}
