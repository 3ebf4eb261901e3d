import type { Call } from "@mall/kit/call";
import { pageLimit } from "@mall/kit/rpc";
import type { PayNotifyRow } from "../../model/pay-notify-model.ts";
import type { ServiceContext } from "../context.ts";
import type { NotifyInfo, NotifyListRequest, NotifyListResponse } from "../gen/pay.ts";

/** A page of what channels said, newest first: all of it is verified, as nothing else is stored. */
export async function notifyList(
  { notifyModel }: Pick<ServiceContext, "notifyModel">,
  _call: Call,
  { state, channel, subject, before, limit }: NotifyListRequest,
): Promise<NotifyListResponse> {
  const rows = await notifyModel.findPage({
    ...{ state, channel: channel || undefined, subject: subject || undefined, before: before || undefined },
    limit: pageLimit(limit),
  });
  return { data: rows.map(toNotify) };
}

/** A notification as the contract tells it, without its bytes. */
export function toNotify({
  headers: _headers,
  body,
  createTime,
  updateTime,
  ...told
}: PayNotifyRow): NotifyInfo {
  return { ...told, bodyLength: body.length };
}
