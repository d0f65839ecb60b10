// What happens in the server in one step, so that it is exact whoever else asks at the same time.

/** KEYS: counters. ARGV, three for each: count, amount, milliseconds. Returns which is over, from 0, or -1; and for how long. */
export const RESERVE = `
local used, left, fresh = {}, {}, {}
local over, wait = -1, 0
for i, key in ipairs(KEYS) do
  local count, amount, per = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
  if used[key] == nil then
    local known = redis.call("GET", key)
    fresh[key] = not known
    used[key] = known and tonumber(known) or 0
    left[key] = known and redis.call("PTTL", key) or per
  end
  used[key] = used[key] + amount
  if used[key] > count then
    if over == -1 then over = i - 1 end
    wait = math.max(wait, left[key], 1)
  end
end
if over >= 0 then return {over, wait} end
for key, sum in pairs(used) do
  local text = string.format("%.17g", sum)
  if fresh[key] then redis.call("SET", key, text, "PX", left[key]) else redis.call("SET", key, text, "KEEPTTL") end
end
return {over, wait}
`;

/** KEYS: one set of names, scored by when they end. ARGV: milliseconds, then names. */
export const MARK = `
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ends = string.format("%.0f", now + tonumber(ARGV[1]))
redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", string.format("%.0f", now))
for i = 2, #ARGV do redis.call("ZADD", KEYS[1], "GT", ends, ARGV[i]) end
if redis.call("PTTL", KEYS[1]) < tonumber(ARGV[1]) then redis.call("PEXPIRE", KEYS[1], ARGV[1]) end
return 1
`;

/** KEYS: sets of names. Returns those that have not ended, each as often as it is there. */
export const TAGS = `
local time = redis.call("TIME")
local now = string.format("(%.0f", time[1] * 1000 + math.floor(time[2] / 1000))
local names = {}
for _, key in ipairs(KEYS) do
  for _, name in ipairs(redis.call("ZRANGEBYSCORE", key, now, "+inf")) do names[#names + 1] = name end
end
return names
`;
