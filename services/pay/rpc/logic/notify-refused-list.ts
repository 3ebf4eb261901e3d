import type { Call } from "@mall/kit/call";
import { pageLimit } from "@mall/kit/rpc";
import type { PayNotifyRefusedRow } from "../../model/pay-notify-refused-model.ts";
import type { ServiceContext } from "../context.ts";
import type { NotifyRefused, NotifyRefusedListRequest, NotifyRefusedListResponse } from "../gen/pay.ts";
import { toHeaders } from "./notify-detail.ts";

/** A page of what was refused in channels' names, and why, newest first. */
export async function notifyRefusedList(
  { refusedNotifyModel }: Pick<ServiceContext, "refusedNotifyModel">,
  _call: Call,
  { channel, before, limit }: NotifyRefusedListRequest,
): Promise<NotifyRefusedListResponse> {
  const page = { channel: channel || undefined, before: before || undefined, limit: pageLimit(limit) };
  return { data: (await refusedNotifyModel.findPage(page)).map(toRefused) };
}

function toRefused({ headers, isCut, ...told }: PayNotifyRefusedRow): NotifyRefused {
  return { ...told, headers: toHeaders(headers), isCut: isCut !== 0 };
}
