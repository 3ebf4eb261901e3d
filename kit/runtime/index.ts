export {
  type ClockSkew,
  measureSkew,
  SKEW_MS_MAX,
  SKEW_MS_WARN,
  skewText,
  surelyOff,
} from "./clock-skew.ts";
export { outliveReaders } from "./outlive-readers.ts";
export { type Runtime, systemRuntime, type Timer } from "./runtime.ts";
export { unixSeconds, wholeSeconds } from "./unix-time.ts";
