import type { ServiceContext } from "./context.ts";
import { handleExpiry, scheduleExpiry } from "./expiry.ts";
import { handleReleases } from "./release.ts";

/** Says how the order service's jobs are done, and sees to it that the standing ones are there. */
export async function startOrderJobs(context: ServiceContext): Promise<void> {
  handleReleases(context);
  handleExpiry(context);
  await scheduleExpiry(context);
}
