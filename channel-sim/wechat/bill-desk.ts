import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { spoiltLines } from "../core/bill-faults.ts";
import { BillShelf } from "../core/bill-shelf.ts";
import { type ChinaDay, readChinaDay } from "../core/china-time.ts";
import type { SimCore } from "../core/sim-core.ts";
import { originOf, queryOf, type SimRequest } from "../core/sim-http.ts";
import type { WechatAccount } from "./account.ts";
import { BILL_TYPES, type BillType, billText } from "./bill-file.ts";
import { type BillLine, linesOf, linesOn } from "./bill-lines.ts";
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
 * Trade bills. Times, codes and which of them answers what are known from documents only. The bill of a day that is not
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

  /** Makes the bill that is asked for, and says where it is and what it hashes to. */
  async ask(account: WechatAccount, request: SimRequest): Promise<Said> {
    const query = queryOf(request);
    const day = this.#dayOf(query.get("bill_date") ?? "");
    const type = oneOf("bill_type", query.get("bill_type") ?? "ALL", BILL_TYPES);
    const isPacked = oneOf("tar_type", query.get("tar_type") ?? "", ["", "GZIP"]) === "GZIP";
    if (this.#core.faults.take(SCOPE, "bill.creating") !== undefined) throw wechatErrors.billCreating();
    const own = await this.#linesOn({ day, type, account });
    const lines = this.#spoilt(own, { day, type, account });
    if (own.length === 0 && lines.length === 0) throw wechatErrors.billAbsent();
    const madeAt = Math.min(this.#core.runtime.now(), day.endsAt + MADE_MS);
    const bytes = Buffer.from(billText({ type, lines, madeAt }));
    const hash_value = createHash("sha1").update(bytes).digest("hex");
    if (this.#core.faults.take(SCOPE, "bill.altered") !== undefined) alter(bytes);
    const token = this.#shelf.put({ mchid: account.mchid, bytes: isPacked ? gzipSync(bytes) : bytes });
    const origin = originOf(request, this.#core.publicUrl());
    const download_url = `${origin}/v3/billdownload/file?token=${token}`;
    return { status: 200, body: { hash_type: "SHA1", hash_value, download_url } };
  }

  /** A bill's file. */
  download({ mchid }: WechatAccount, request: SimRequest): Said {
    const kept = this.#shelf.find(queryOf(request).get("token") ?? "");
    if (kept === undefined) throw wechatErrors.invalid("下载地址无效或已过期，请重新申请账单");
    if (kept.mchid !== mchid) throw wechatErrors.noRight();
    return { status: 200, file: kept.bytes };
  }

  #dayOf(date: string): ChinaDay {
    const now = this.#core.runtime.now();
    const day = readChinaDay(date);
    if (day === undefined) throw wechatErrors.parameter("bill_date 格式应为 yyyy-MM-dd");
    if (day.startsAt > now) throw wechatErrors.parameter("bill_date 晚于当前日期");
    if (day.endsAt <= now - OLDEST_MS) throw wechatErrors.invalid("仅支持三个月内的账单下载申请");
    return day;
  }

  async #linesOn({ day, type, account }: Wanted): Promise<readonly BillLine[]> {
    const trades = (await this.#trades()).filter(({ mchid }) => mchid === account.mchid);
    return linesOn(day, trades.toReversed()).filter(
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
