/**
 * Key: the count. Arguments: attempts, milliseconds. 0 if one was left, which is taken, else the milliseconds until
 * the count ends.
 */
export const TAKE_ATTEMPT = `
local left = redis.call('PTTL', KEYS[1])
if left <= 0 then
  redis.call('SET', KEYS[1], '1', 'PX', ARGV[2])
  return 0
end
if tonumber(redis.call('GET', KEYS[1])) >= tonumber(ARGV[1]) then return left end
redis.call('INCR', KEYS[1])
return 0`;

/** Key: the count. Takes one attempt back. */
export const GIVE_ATTEMPT_BACK = `
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then redis.call('DECR', KEYS[1]) end
return 1`;

/** Key: the count. Ends it. */
export const CLEAR_ATTEMPTS = "return redis.call('DEL', KEYS[1])";
