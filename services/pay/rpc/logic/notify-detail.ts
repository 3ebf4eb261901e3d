import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import { notifyNotFound } from "../errors.ts";
import type { NotifyDetailRequest, NotifyDetailResponse, NotifyHeader } from "../gen/pay.ts";
import { toNotify } from "./notify-list.ts";

/** All of a stored notification: headers and body as they came. */
export async function notifyDetail(
  { notifyModel }: Pick<ServiceContext, "notifyModel">,
  _call: Call,
  { id }: NotifyDetailRequest,
): Promise<NotifyDetailResponse> {
  const row = await notifyModel.findOne(id);
  if (row === undefined) throw notifyNotFound(id);
  return { notify: toNotify(row), headers: toHeaders(row.headers), body: row.body };
}

/** The headers in a column. */
export function toHeaders(json: string): NotifyHeader[] {
  const headers: object = JSON.parse(json);
  return Object.entries(headers).map(([name, value]) => ({ name, value: String(value) }));
}
