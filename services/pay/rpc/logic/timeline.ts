import type { Call } from "@mall/kit/call";
import { tellEvents } from "../../timeline/tell-events.ts";
import type { ServiceContext } from "../context.ts";
import { payNotFound } from "../errors.ts";
import type { TimelineRequest, TimelineResponse } from "../gen/pay.ts";
import { toDetail } from "./detail.ts";

/** Everything that is known of one payment: its rows in the order in which things happened. */
export async function timeline(
  context: Pick<ServiceContext, "timeline">,
  _call: Call,
  { id }: TimelineRequest,
): Promise<TimelineResponse> {
  const record = await context.timeline.read(id);
  if (record === undefined) throw payNotFound();
  return { payment: toDetail(record.pay), events: tellEvents(record), isCut: record.isCut };
}
