import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { HttpStreams } from "@mall/kit/http";
import { type Bill, type BillLine, noBill } from "../bills/bill.ts";
import { CHINA_AHEAD_MS, dayOf } from "../bills/bill-day.ts";
import { textLines } from "../bills/text-lines.ts";
import type { Answer } from "../channel.ts";
import type { AlipayClient } from "./alipay-client.ts";
import { badAnswer } from "./bad-answer.ts";
import { readBillLines } from "./bill-lines.ts";
import { BILL_NOT_EXIST } from "./refusal.ts";
import { unzipped } from "./unzip.ts";

/** Bills are made from 9:00 of the next day on, in China. */
export const BILL_READY_MS = 10 * 3_600_000;
/** How long each piece of a bill may take, milliseconds. The address of one is good for 30 s. */
const PIECE_MS_MAX = 30_000;
/** In the name of the file that has a row for each trade and refund, and of the one with their sums. */
const DETAILS = "业务明细";
const SUMS = "汇总";

/**
 * The bill of all trades and refunds of a day in China. What tells where it is is signed; the bill itself is not, and is
 * believed because of that address.
 */
export async function readBill(
  client: AlipayClient,
  call: Call,
  { day, streams }: { readonly day: string; readonly streams: HttpStreams },
): Promise<Answer<Bill>> {
  const bounds = dayOf(day, CHINA_AHEAD_MS);
  const answer = await client.ask(call, {
    method: "alipay.data.dataservice.bill.downloadurl.query",
    content: { bill_type: "trade", bill_date: day },
  });
  if (answer.kind === "no" && answer.reason === BILL_NOT_EXIST) return { kind: "yes", value: noBill(bounds) };
  if (answer.kind !== "yes") return answer;
  const lines = linesAt(answer.value.bill_download_url, streams);
  return { kind: "yes", value: { ...bounds, isThere: true, lines } };
}

async function* linesAt(url: string, streams: HttpStreams): AsyncGenerator<BillLine> {
  const { status, body, close } = await streams.open(
    { method: "GET", url, headers: {} },
    { timeoutMs: PIECE_MS_MAX },
  );
  if (status !== 200) {
    close();
    throw badAnswer(`its bill has status ${status}`);
  }
  const details = unzipped(body, (name) => name.includes(DETAILS) && !name.includes(SUMS));
  try {
    yield* readBillLines(textLines(details, "gbk"));
  } catch (cause) {
    throw cause instanceof AppError ? cause : badAnswer("its bill cannot be unpacked", cause);
  }
}
