import type { HttpStreams } from "@mall/kit/http";

/** Bills alone are read so, and no run lasts until one is made. */
export const NO_STREAMS: HttpStreams = {
  open: ({ url }) => Promise.reject(new Error(`${url} is read in a run`)),
};
