/**
 * What the cache does in Redis beyond single commands. go-zero's processes share the entries and know nothing
 * of this, so the state that matters lies in the entry itself: an empty entry is a miss to them, their DEL
 * takes it away, and their SET overwrites it.
 *
 * A reader that found nothing takes a lease: the entry becomes empty and its neighbour key names the reader.
 * It may fill the entry only while both are as it left them. Whoever changes the row deletes the entry, as
 * go-zero does, and by that ends every lease: a row that was read before the change cannot be filled in after it.
 *
 * A writer also marks an entry before it commits: the entry is gone and no lease is given while writes are in
 * hand, so that nothing stale stays behind even if the writer dies between its commit and its delete. Each write has a
 * mark of its own, so that taking one back twice, or after it ran out, takes no other's away.
 *
 * All of it holds in whatever order the commands arrive that somebody has in hand at a time. Who waits for what: a
 * write waits for its mark before it commits, and for its delete before its caller is told; a reader waits for its
 * lease before it reads. Nobody waits for fillings, leases given back and marks taken back, so they come at any time:
 * a filling finds its lease gone where a write came in between, the others name whose they are. A command that was
 * given up for lost may arrive even later: a mark then keeps its entry away until it runs out, a lease leaves an empty
 * entry that nobody fills, a delete removes what is read again. The interleavings one by one: interleavings.test.ts.
 */

/** The reader that may fill an entry. The braces keep it on the entry's slot of a cluster. */
export function leaseKey(key: string): string {
  return `cache-lease:{${key}}`;
}

/** A hash: the marks of the writes to an entry's row that are in hand, as fields. */
export function marksKey(key: string): string {
  return `cache-marks:{${key}}`;
}

/**
 * Keys: entry, lease and marks of each. Arguments: token, milliseconds. For each, 1 if the lease is the caller's.
 * What is no text cannot be an entry and goes.
 */
export const TAKE_LEASES = `
local taken = {}
for i = 1, #KEYS, 3 do
  local free = redis.call('EXISTS', KEYS[i], KEYS[i + 2]) == 0
  if free then
    redis.call('SET', KEYS[i + 1], ARGV[1], 'PX', ARGV[2])
    redis.call('SET', KEYS[i], '', 'PX', ARGV[2])
  elseif redis.call('TYPE', KEYS[i]).ok ~= 'string' then
    redis.call('DEL', KEYS[i])
  end
  taken[#taken + 1] = free and 1 or 0
end
return taken`;

/** Keys: entry and lease of each. Arguments: token, value and seconds of each. */
export const FILL = `
for i = 1, #KEYS, 2 do
  local at = (i - 1) / 2 * 3
  if redis.call('GET', KEYS[i]) == '' and redis.call('GET', KEYS[i + 1]) == ARGV[at + 1] then
    redis.call('DEL', KEYS[i + 1])
    redis.call('SET', KEYS[i], ARGV[at + 2], 'EX', ARGV[at + 3])
  end
end
return 1`;

/** Keys: entry and lease of each. Arguments: token of each. Takes leases back and leaves no entry. */
export const GIVE_LEASES_BACK = `
for i = 1, #KEYS, 2 do
  if redis.call('GET', KEYS[i]) == '' and redis.call('GET', KEYS[i + 1]) == ARGV[(i + 1) / 2] then
    redis.call('DEL', KEYS[i], KEYS[i + 1])
  end
end
return 1`;

/** Keys: entry and marks of each. Arguments: milliseconds after which a writer counts as dead, then the mark of each. */
export const MARK_WRITES = `
for i = 1, #KEYS, 2 do
  redis.call('DEL', KEYS[i])
  redis.call('HSET', KEYS[i + 1], ARGV[(i + 1) / 2 + 1], '')
  redis.call('PEXPIRE', KEYS[i + 1], ARGV[1])
end
return 1`;

/** Keys: marks of each. Arguments: the mark of each. A full Redis lets them be taken back. */
export const UNMARK_WRITES = `
for i = 1, #KEYS do redis.call('HDEL', KEYS[i], ARGV[i]) end
return 1`;
