import { createHash } from "node:crypto";
import { type Call, runWithAttachments } from "@mall/kit/call";
import { readLink } from "../cashier/link.ts";
import type { ServiceContext } from "../context.ts";
import type { CashierPrepayRequest, PrepayResponse } from "../gen/types.ts";

/**
 * Opens an attempt to pay the payment of a link. Two clicks, or two pages, that ask for the same at once have the same
 * attempt: until one is opened, their requests go under one key.
 */
export async function cashierPrepay(
  context: ServiceContext,
  call: Call,
  { token, channel, product }: CashierPrepayRequest,
): Promise<PrepayResponse> {
  const { id, returnUrl } = readLink(context, token);
  const { attempts } = await context.payRpc.cashier(call, { id });
  const way = { channel, ...(product !== undefined && { product }), ...(returnUrl !== "" && { returnUrl }) };
  const key = createHash("sha256")
    .update(JSON.stringify([way, attempts]))
    .digest("base64url");
  const { clientAddress } = call;
  return runWithAttachments(call, { idempotency: { key, owner: `cashier:${id}` } }, (child) =>
    context.payRpc.prepay(child, { id, ...way, clientAddress }),
  );
}
