/**
 * Waits for two reads that were started together and gives both answers, or the first one's error
 * before the second's: the caller sees the same error as if they had run one after the other.
 */
export async function settleInOrder<First, Second>(
  first: Promise<First>,
  second: Promise<Second>,
): Promise<[First, Second]> {
  const [one, two] = await Promise.allSettled([first, second]);
  if (one.status === "rejected") throw one.reason;
  if (two.status === "rejected") throw two.reason;
  return [one.value, two.value];
}
