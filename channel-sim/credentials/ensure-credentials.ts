import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Runtime } from "@mall/kit/runtime";
import type { SimAccounts } from "../simulator.ts";
import { makeAlipay } from "./make-alipay.ts";
import { makeStripe } from "./make-stripe.ts";
import { makeWechat } from "./make-wechat.ts";

/** Keys of both sides: nobody but the owner reads them. */
const OWNER_ONLY = 0o600;

/** Credentials of a simulator, and where the merchant's are. */
export interface Credentials {
  readonly accounts: SimAccounts;
  /** A folder for each channel, with PEM files and a `merchant.json` that holds the rest. */
  readonly merchantDir: string;
}

/** The credentials in a data folder; made where they are missing. */
export async function ensureCredentials(dataDir: string, runtime: Runtime): Promise<Credentials> {
  const file = join(dataDir, "accounts.json");
  const merchantDir = join(dataDir, "merchant");
  if (existsSync(file)) {
    return { accounts: JSON.parse(readFileSync(file, "utf8")) as SimAccounts, merchantDir };
  }
  const [alipay, wechat] = await Promise.all([
    makeAlipay(runtime, { appId: "2021000000000001", mode: "key" }),
    makeWechat(runtime, { mchid: "1900000001", mode: "public-key" }),
  ]);
  const stripe = makeStripe(runtime);
  const accounts: SimAccounts = { alipay: [alipay.account], stripe: [stripe], wechat: [wechat.account] };
  writeMerchant(join(merchantDir, "stripe"), stripe);
  writeMerchant(join(merchantDir, "alipay"), alipay.merchant);
  writeMerchant(join(merchantDir, "wechat"), wechat.merchant);
  // The last to come: who finds it finds the rest.
  writeFileSync(`${file}.new`, JSON.stringify(accounts, undefined, 2), { mode: OWNER_ONLY });
  renameSync(`${file}.new`, file);
  return { accounts, merchantDir };
}

function writeMerchant(folder: string, merchant: object): void {
  mkdirSync(folder, { recursive: true });
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(merchant)) {
    if (typeof value === "string" && value.startsWith("-----BEGIN ")) {
      writeFileSync(join(folder, `${fileNameOf(name)}.pem`), value, { mode: OWNER_ONLY });
    } else {
      rest[name] = value;
    }
  }
  writeFileSync(join(folder, "merchant.json"), `${JSON.stringify(rest, undefined, 2)}\n`, {
    mode: OWNER_ONLY,
  });
}

/** `platformCertificate` is in `platform-certificate.pem`. */
function fileNameOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
