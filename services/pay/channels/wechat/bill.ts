import { createHash } from "node:crypto";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { HttpStreams } from "@mall/kit/http";
import { z } from "zod";
import { type Bill, type BillLine, noBill } from "../bills/bill.ts";
import { CHINA_AHEAD_MS, dayOf } from "../bills/bill-day.ts";
import { textLines } from "../bills/text-lines.ts";
import type { Answer } from "../channel.ts";
import type { Desk } from "./ask-trade.ts";
import { readBillLines } from "./bill-lines.ts";
import { signedRequest } from "./signed-requests.ts";
import { whatIs } from "./wechat-client.ts";
import { badAnswer } from "./wire.ts";

/** The code for a day without a bill, known from documents only. */
const ABSENT = "NO_STATEMENT_EXIST";
/** Bills are made from 9:00 of the next day on, in China, and should be asked for after 10:00. */
export const BILL_READY_MS = 10 * 3_600_000;
/** How long each piece of a bill may take, milliseconds. */
const PIECE_MS_MAX = 30_000;

/** Where a bill is, and what its unpacked bytes are known by. */
const billMessage = z.object({
  download_url: z.url({ protocol: /^https?$/ }).max(2048),
  hash_type: z.literal("SHA1"),
  hash_value: z.string().regex(/^[0-9A-Fa-f]{40}$/),
});

type BillMessage = z.output<typeof billMessage>;

/**
 * The bill of all trades and refunds of a Beijing day. What tells where it is is signed; the bill itself is not, and is
 * known by its hash: over its unpacked bytes, the byte order mark among them.
 */
export async function readBill(
  desk: Desk,
  call: Call,
  { day, streams }: { readonly day: string; readonly streams: HttpStreams },
): Promise<Answer<Bill>> {
  const bounds = dayOf(day, CHINA_AHEAD_MS);
  const path = `/v3/bill/tradebill?bill_date=${day}&bill_type=ALL&tar_type=GZIP`;
  const wanted = whatIs(billMessage, (message) => message);
  const answer = await desk.client.ask(call, () => ({ method: "GET", path, body: "" }), wanted);
  if (answer.kind === "no" && answer.reason === ABSENT) return { kind: "yes", value: noBill(bounds) };
  if (answer.kind !== "yes") return answer;
  const lines = verifiedLines(() => openFile(desk, streams, answer.value), answer.value);
  return { kind: "yes", value: { ...bounds, isThere: true, lines } };
}

async function openFile(
  { merchant }: Desk,
  streams: HttpStreams,
  { download_url }: BillMessage,
): Promise<AsyncIterable<Uint8Array>> {
  const { origin, pathname, search } = new URL(download_url);
  const request = { method: "GET", path: pathname + search, body: "" } as const;
  const { status, body, close } = await streams.open(
    signedRequest(merchant, request, { gateway: origin, accept: "*/*" }),
    { timeoutMs: PIECE_MS_MAX },
  );
  if (status !== 200) {
    close();
    throw badAnswer(`its bill has status ${status}`);
  }
  return body;
}

async function* verifiedLines(
  open: () => Promise<AsyncIterable<Uint8Array>>,
  { hash_value }: BillMessage,
): AsyncGenerator<BillLine> {
  const hash = createHash("sha1");
  try {
    yield* readBillLines(textLines(overheard(unpacked(await open()), hash.update.bind(hash)), "utf-8"));
  } catch (cause) {
    throw cause instanceof AppError ? cause : badAnswer("its bill cannot be unpacked");
  }
  if (hash.digest("hex") !== hash_value.toLowerCase())
    throw badAnswer("its bill is not the one that it named");
}

/** Whoever stops reading ends the source as well; what is wrong with the source is thrown here. */
function unpacked(packed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return pipeline(Readable.from(packed), createGunzip(), () => {});
}

async function* overheard(
  pieces: AsyncIterable<Uint8Array>,
  tell: (piece: Uint8Array) => unknown,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    tell(piece);
    yield piece;
  }
}
