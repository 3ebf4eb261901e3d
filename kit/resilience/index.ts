export { AttemptLimiter, type AttemptLimiterOptions } from "./attempt-limiter.ts";
