import { spoiltLines } from "../core/bill-faults.ts";
import { BillShelf } from "../core/bill-shelf.ts";
import { type ChinaDay, readChinaDay } from "../core/china-time.ts";
import type { SimCore } from "../core/sim-core.ts";
import { htmlAnswer, queryOf, type SimAnswer, type SimRequest } from "../core/sim-http.ts";
import type { AlipayAccount } from "./account.ts";
import { BILL_TYPES, type BillContent, type BillType, billArchive, billName } from "./bill-file.ts";
import { type BillLine, linesOf, linesOn, linesUntil } from "./bill-lines.ts";
import type { Params } from "./params.ts";
import { alipayRequests, readContent } from "./requests.ts";
import { alipayErrors } from "./said.ts";
import type { AlipayTrade } from "./trade.ts";

export const BILL_PATH = "/downloadBillFile.resource";

/** How long a download's address lives. */
const ADDRESS_MS = 30_000;
/** When the bill of a day is made on the next one. */
const MADE_MS = 6 * 3_600_000;
const FIRST_DAY = "2016-01-01";

const CHANNEL = "alipay";
const SCOPE = { channel: CHANNEL, operation: "bill", outTradeNo: "" };
const FOREIGN_FEN = 100;

/** Bills have the seller's number with these digits behind it. */
const ACCOUNT_END = "0156";
/** What an address calls the types. */
const ADDRESS_TYPES: Readonly<Record<BillType, string>> = { trade: "trade", signcustomer: "fnd" };

/** What bills are made of. */
interface Means {
  readonly core: SimCore;
  /** The latest first. */
  trades(): Promise<readonly AlipayTrade[]>;
  /** Whether an app is a seller's. */
  sells(sellerId: string, appId: string): boolean;
}

/**
 * Bills of a day. Times, codes and which of them answers what are known from documents only, but for
 * `isp.bill_not_exist`, which merchants have met: it is said of a day without business as of one whose bill is not made
 * yet. The bill of today is given with what has happened so far, so that it can be tried at once; the real one is
 * `isv.invalid_arguments` today, and is to be had on the next day, after nine or ten. A month's bill is not made here.
 */
export class AlipayBillDesk {
  readonly #means: Means;
  readonly #shelf: BillShelf<Uint8Array>;

  constructor(means: Means) {
    this.#means = means;
    this.#shelf = new BillShelf(means.core, ADDRESS_MS);
  }

  /** Makes the bill that is asked for, and says where it is. */
  async ask(
    params: Params,
    account: AlipayAccount,
    origin: string,
  ): Promise<{ readonly bill_download_url: string }> {
    const { core, sells } = this.#means;
    const { bill_type, bill_date } = readContent(params, alipayRequests.bill);
    const type = BILL_TYPES.find((one) => one === bill_type);
    const day = readChinaDay(bill_date);
    const now = core.runtime.now();
    if (type === undefined || day === undefined || day.startsAt > now || day.date < FIRST_DAY) {
      throw alipayErrors.billArguments();
    }
    if (core.faults.take(SCOPE, "bill.creating") !== undefined) throw alipayErrors.billAbsent();
    const all = (await this.#means.trades()).toReversed();
    const trades = all.filter(({ appId }) => sells(account.sellerId, appId));
    const own = linesOn(day, trades, now);
    const lines = this.#spoilt(own, day, account);
    if (own.length === 0 && lines.length === 0) throw alipayErrors.billAbsent();
    const content: BillContent = {
      account: `${account.sellerId}${ACCOUNT_END}`,
      day,
      lines,
      balance: balanceBefore(day, trades),
      madeAt: Math.min(now, day.endsAt + MADE_MS),
    };
    const token = this.#shelf.put(await billArchive(type, content));
    return { bill_download_url: this.#addressOf(type, content, `${origin}${BILL_PATH}`, token) };
  }

  /** A bill's archive; whoever has the address may fetch it. Of what is said when it is over only the words are known. */
  download(request: SimRequest): SimAnswer {
    const bytes = this.#shelf.find(queryOf(request).get("token") ?? "");
    if (bytes === undefined)
      return htmlAnswer(200, '<!doctype html><meta charset="utf-8">下载超时，请重新下载');
    return { status: 200, headers: { "Content-Type": "application/octet-stream" }, body: bytes };
  }

  #addressOf(type: BillType, content: BillContent, path: string, token: string): string {
    const bizType = ADDRESS_TYPES[type];
    const bizDates = content.day.date.replaceAll("-", "");
    const query = new URLSearchParams({
      bizType,
      userId: content.account,
      fileType: "csv.zip",
      bizDates,
      downloadFileName: `${billName(content)}.csv.zip`,
      fileId: `/${bizType}/${content.account}/${bizDates}.csv.zip`,
      timestamp: String(Math.floor(this.#means.core.runtime.now() / 1000)),
      token,
    });
    return `${path}?${query}`;
  }

  #spoilt(own: readonly BillLine[], day: ChinaDay, account: AlipayAccount): readonly BillLine[] {
    return spoiltLines(this.#means.core, own, {
      channel: CHANNEL,
      outTradeNoOf: ({ trade }) => trade.outTradeNo,
      otherAmount: (line) => ({ ...line, amount: line.amount + 1 }),
      foreign: () => linesOf(this.#foreignTrade(day, account)),
    });
  }

  #foreignTrade({ date, endsAt }: ChinaDay, { appId }: AlipayAccount): AlipayTrade {
    const { core } = this.#means;
    const paidAt = Math.min(core.runtime.now(), endsAt - 1);
    return {
      outTradeNo: `foreign-${core.digits(16)}`,
      appId,
      product: "precreate",
      asked: "",
      subject: "foreign",
      total: FOREIGN_FEN,
      expireAt: paidAt,
      notifyUrl: "",
      returnUrl: "",
      passback: "",
      tradeNo: `${date.replaceAll("-", "")}22001${core.digits(15)}`,
      buyerId: `2088${core.digits(12)}`,
      createdAt: paidAt,
      closed: false,
      payment: { total: FOREIGN_FEN, paidAt },
      refunds: [],
    };
  }
}

/** What a seller has who never took anything out. */
function balanceBefore({ startsAt }: ChinaDay, trades: readonly AlipayTrade[]): number {
  return linesUntil(startsAt - 1, trades).reduce((sum, { amount, fee }) => sum + amount + fee, 0);
}
