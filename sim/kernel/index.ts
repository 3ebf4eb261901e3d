export { Kernel, type Owner } from "./kernel.ts";
export { hashText, mix, Random } from "./random.ts";
export { formatTimeline, type TimelineEntry } from "./timeline.ts";
