export { tellEvents } from "./tell-events.ts";
export { createTimeline, type PaymentRecord, type Timeline } from "./timeline.ts";
