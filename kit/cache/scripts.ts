/**
 * What the cache does in Redis beyond single commands. go-zero's processes share the entries and know nothing
 * of this, so the state that matters lies in the entry itself: an empty entry is a miss to them, their DEL
 * takes it away, and their SET overwrites it.
 *
 * A reader that found nothing takes a lease: the entry becomes empty and its neighbour key names the reader.
 * It may fill the entry only while both are as it left them. Whoever changes the row deletes the entry, as
 * go-zero does, and by that ends every lease: a row that was read before the change cannot be filled in after it.
 *
 * A writer also marks an entry before it writes: the entry is gone and no lease is given while writes are in
 * hand, so that nothing stale stays behind even if the writer dies between its commit and its delete.
 */

/** The reader that may fill an entry. The braces keep it on the entry's slot of a cluster. */
export function leaseKey(key: string): string {
  return `cache-lease:{${key}}`;
}

/** How many writes to an entry's row are in hand. */
export function writesKey(key: string): string {
  return `cache-writes:{${key}}`;
}

/** Keys: entry, lease, writes. Arguments: token, milliseconds. 1 if the lease is the caller's. */
export const TAKE_LEASE = `
if redis.call('EXISTS', KEYS[1], KEYS[3]) > 0 then return 0 end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[1], '', 'PX', ARGV[2])
return 1`;

/** Keys: entry, lease. Arguments: token, value, seconds. 1 if the entry was filled. */
export const FILL = `
if redis.call('GET', KEYS[1]) ~= '' or redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1`;

/** Keys: entry, lease. Argument: token. Takes the lease back and leaves no entry. */
export const GIVE_LEASE_BACK = `
if redis.call('GET', KEYS[1]) ~= '' or redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1], KEYS[2])`;

/** Keys: entry, writes. Argument: milliseconds after which a writer counts as dead. */
export const MARK_WRITE = `
redis.call('DEL', KEYS[1])
redis.call('INCR', KEYS[2])
return redis.call('PEXPIRE', KEYS[2], ARGV[1])`;

/** Key: writes. The last one takes the key away, which a full Redis lets it. */
export const UNMARK_WRITE = `
local writes = tonumber(redis.call('GET', KEYS[1]) or '0')
if writes <= 1 then return redis.call('DEL', KEYS[1]) end
return redis.call('DECR', KEYS[1])`;
