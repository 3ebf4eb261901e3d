import { AppError } from "@mall/kit/errors";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

const FRESH_MS = 5000;
const TRIES_MAX = 2;

/** Under which it is known who is signed in. */
export const SESSION_KEY = ["session"] as const;

/** True where nobody is signed in any more. */
function isSignedOut(error: unknown): boolean {
  return error instanceof AppError && error.code === "UNAUTHENTICATED";
}

/** What trying again may change. */
function mayPass(error: unknown): boolean {
  return error instanceof AppError && ["UNAVAILABLE", "DEADLINE_EXCEEDED"].includes(error.code);
}

/** The page's memory of answers. A refused session empties it: nothing stays on the screen. */
export function createQueryClient(): QueryClient {
  const leave = (error: unknown): void => {
    if (isSignedOut(error)) forget(client);
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: leave }),
    mutationCache: new MutationCache({
      onError: leave,
      onSuccess: () => lookAgain(client),
    }),
    defaultOptions: {
      queries: { staleTime: FRESH_MS, retry: (tries, error) => tries < TRIES_MAX && mayPass(error) },
    },
  });
  return client;
}

/** Asks anew for all that is on the screen, but for who is signed in. */
export function lookAgain(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
}

/** Leaves nothing of what a session has shown. */
export function forget(client: QueryClient): void {
  client.setQueryData(SESSION_KEY, null);
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
}
