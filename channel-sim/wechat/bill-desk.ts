import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { spoiltLines } from "../core/bill-faults.ts";
import { BillShelf } from "../core/bill-shelf.ts";
import { type ChinaDay, readChinaDay } from "../core/china-time.ts";
import type { SimCore } from "../core/sim-core.ts";
import { originOf, queryOf, type SimRequest } from "../core/sim-http.ts";
import type { WechatAccount } from "./account.ts";
import { BILL_TYPES, type BillType, billText } from "./bill-file.ts";
import { type BillLine, linesOf, linesOfAll, linesOn } from "./bill-lines.ts";
import { ACCOUNT_TYPES, fundBillText } from "./fund-bill.ts";
import { type Said, wechatErrors } from "./said.ts";
import type { WechatTrade } from "./trade.ts";

const DAY_MS = 86_400_000;
/** Three months. */
const OLDEST_MS = 92 * DAY_MS;
/** When the bill of a day is made on the next one. */
const MADE_MS = 9 * 3_600_000;
/** How long a download's address lives; 30 s in older documents. */
const ADDRESS_MS = 5 * 60_000;

const CHANNEL = "wechat";
const SCOPE = { channel: CHANNEL, operation: "bill", outTradeNo: "" };
const FOREIGN_FEN = 100;

/** What every bill is asked for by. */
interface Asked {
  readonly query: URLSearchParams;
  /** Address that the merchant asked at. */
  readonly origin: string;
  readonly day: ChinaDay;
  readonly isPacked: boolean;
}

/** A trade bill. */
interface Wanted {
  readonly day: ChinaDay;
  readonly type: BillType;
  readonly account: WechatAccount;
}

/** A bill's file, and whose it is. */
interface Kept {
  readonly mchid: string;
  readonly bytes: Uint8Array;
}

/**
 * Bills of trades and of funds. Times, codes and which of them answers what are known from documents only. The bill of a day that is not
 * over is given with what has happened so far, where the real one is to be had on the next day, after ten: so that it
 * can be tried at once.
 */
export class WechatBillDesk {
  readonly #core: SimCore;
  readonly #shelf: BillShelf<Kept>;
  /** The latest first. */
  readonly #trades: () => Promise<readonly WechatTrade[]>;

  constructor(core: SimCore, trades: () => Promise<readonly WechatTrade[]>) {
    this.#core = core;
    this.#shelf = new BillShelf(core, ADDRESS_MS);
    this.#trades = trades;
  }

  /** Makes the trade bill that is asked for, and says where it is and what it hashes to. */
  async ask(account: WechatAccount, request: SimRequest): Promise<Said> {
    const asked = this.#read(request);
    const { day } = asked;
    const type = oneOf("bill_type", asked.query.get("bill_type") ?? "ALL", BILL_TYPES);
    this.#demandMade();
    const own = await this.#linesOn({ day, type, account });
    const lines = this.#spoilt(own, { day, type, account });
    if (own.length === 0 && lines.length === 0) throw wechatErrors.billAbsent();
    const madeAt = Math.min(this.#core.runtime.now(), day.endsAt + MADE_MS);
    return this.#tell(account, asked, billText({ type, lines, madeAt }));
  }

  /** Makes the fund bill that is asked for, likewise. */
  async askFunds(account: WechatAccount, request: SimRequest): Promise<Said> {
    const asked = this.#read(request);
    const type = oneOf("account_type", asked.query.get("account_type") ?? "BASIC", ACCOUNT_TYPES);
    this.#demandMade();
    const lines = type === "BASIC" ? linesOfAll(await this.#own(account)) : [];
    const text = fundBillText(lines, asked.day);
    if (text === undefined) throw wechatErrors.billAbsent();
    return this.#tell(account, asked, text);
  }

  /** A bill's file. */
  download({ mchid }: WechatAccount, request: SimRequest): Said {
    const kept = this.#shelf.find(queryOf(request).get("token") ?? "");
    if (kept === undefined) throw wechatErrors.invalid("下载地址无效或已过期，请重新申请账单");
    if (kept.mchid !== mchid) throw wechatErrors.noRight();
    return { status: 200, file: kept.bytes };
  }

  #read(request: SimRequest): Asked {
    const query = queryOf(request);
    const isPacked = oneOf("tar_type", query.get("tar_type") ?? "", ["", "GZIP"]) === "GZIP";
    const origin = originOf(request, this.#core.publicUrl());
    return { query, origin, isPacked, day: this.#dayOf(query.get("bill_date") ?? "") };
  }

  /** Keeps a bill under an address. */
  #tell({ mchid }: WechatAccount, { isPacked, origin }: Asked, text: string): Said {
    const bytes = Buffer.from(text);
    const hash_value = createHash("sha1").update(bytes).digest("hex");
    if (this.#core.faults.take(SCOPE, "bill.altered") !== undefined) alter(bytes);
    const token = this.#shelf.put({ mchid, bytes: isPacked ? gzipSync(bytes) : bytes });
    const download_url = `${origin}/v3/billdownload/file?token=${token}`;
    return { status: 200, body: { hash_type: "SHA1", hash_value, download_url } };
  }

  #demandMade(): void {
    if (this.#core.faults.take(SCOPE, "bill.creating") !== undefined) throw wechatErrors.billCreating();
  }

  #dayOf(date: string): ChinaDay {
    const now = this.#core.runtime.now();
    const day = readChinaDay(date);
    if (day === undefined) throw wechatErrors.parameter("bill_date 格式应为 yyyy-MM-dd");
    if (day.startsAt > now) throw wechatErrors.parameter("bill_date 晚于当前日期");
    if (day.endsAt <= now - OLDEST_MS) throw wechatErrors.invalid("仅支持三个月内的账单下载申请");
    return day;
  }

  /** The earliest first. */
  async #own({ mchid }: WechatAccount): Promise<readonly WechatTrade[]> {
    return (await this.#trades()).filter((trade) => trade.mchid === mchid).toReversed();
  }

  async #linesOn({ day, type, account }: Wanted): Promise<readonly BillLine[]> {
    return linesOn(day, await this.#own(account)).filter(
      ({ refund }) => type === "ALL" || (type === "REFUND") === (refund !== undefined),
    );
  }

  #spoilt(own: readonly BillLine[], { day, type, account }: Wanted): readonly BillLine[] {
    return spoiltLines(this.#core, own, {
      channel: CHANNEL,
      outTradeNoOf: ({ trade }) => trade.outTradeNo,
      otherAmount: (line) => ({ ...line, amount: line.amount + 1 }),
      foreign: () => (type === "REFUND" ? [] : linesOf(this.#foreignTrade(day, account))),
    });
  }

  #foreignTrade({ endsAt }: ChinaDay, { mchid, appids: [appid = ""] }: WechatAccount): WechatTrade {
    const core = this.#core;
    const paidAt = Math.min(core.runtime.now(), endsAt - 1);
    return {
      outTradeNo: `foreign-${core.digits(16)}`,
      mchid,
      appid,
      product: "native",
      asked: "",
      description: "foreign",
      total: FOREIGN_FEN,
      expireAt: paidAt,
      notifyUrl: "",
      prepayId: "",
      codeUrl: "",
      openid: `o${core.hex(26)}`,
      closed: false,
      payment: { transactionId: `4200${core.digits(24)}`, total: FOREIGN_FEN, paidAt },
      refunds: [],
    };
  }
}

/** @throws WechatError for a value that is none of those */
function oneOf<Value extends string>(name: string, value: string, values: readonly Value[]): Value {
  const found = values.find((one) => one === value);
  if (found === undefined) throw wechatErrors.parameter(`${name} 的值有误`);
  return found;
}

/** Changes a byte in the middle. */
function alter(bytes: Buffer): void {
  const at = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
}
