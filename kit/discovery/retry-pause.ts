/** How long discovery waits after a failure before it tries again, milliseconds; as go-zero does. */
export const RETRY_MS = 1_000;
