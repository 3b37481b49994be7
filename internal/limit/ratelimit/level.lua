-- One call about one budget: settles what the process and Redis do not agree upon yet, and then takes points. KEYS[1] holds
--
--   used at fresh prev since born
--
-- The level was used points at the microsecond at, and has leaked since. But leases do not leak for as long as they may
-- be spent: they count as spent only then. Of the points granted as leases, fresh were since the microsecond since, and
-- prev in the hold before that. The record exists since the microsecond born.
--
-- The answer: how many points are granted (0 or need to want), the level, the present, and born.
local points, window, hold = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]) -- microseconds
local base, force = tonumber(ARGV[4]), ARGV[5] == '1' -- the level as the process knows it; whether Redis may have lost writes
local owed = tonumber(ARGV[6])                        -- spent without Redis
local back, stamp = tonumber(ARGV[7]), tonumber(ARGV[8]) -- unspent of the lease that was granted at stamp
local credit = tonumber(ARGV[9])                      -- spent and returned
local need, want = tonumber(ARGV[10]), tonumber(ARGV[11])
local told = tonumber(ARGV[12])                       -- born of the record that the process knows; 0 for none

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local rate = points / window

local level, fresh, prev, since, born = 0, 0, 0, now, now
local held = redis.pcall('GET', KEYS[1])
local u, a, f, p, s, b = string.match(type(held) == 'string' and held or '',
  '^([%d.e+-]+) ([%d.e+-]+) ([%d.e+-]+) ([%d.e+-]+) ([%d.e+-]+) (%d+)$')
u, a, f, p, s, b = tonumber(u), tonumber(a), tonumber(f), tonumber(p), tonumber(s), tonumber(b)
local known = u and a and f and p and s and b

local turned = known and (a > now or s > now) -- somebody has set the clock back
if known then
  u, a, s = math.min(u, points), math.min(a, now), math.min(s, now)
  local function leaked(from, moment) return from - rate * math.max(0, now - moment) end
  fresh, prev, since, born = f, p, s, b
  level = math.max(0, leaked(u, a))
  if hold > 0 then
    level = math.max(level, leaked(math.min(u, prev + fresh), since + hold), leaked(math.min(u, fresh), a + hold))
    if now - since >= hold then
      fresh, prev, since = 0, now - a < hold and fresh or 0, now
    end
  end
end

-- A Redis that has forgotten the budget, or may have, believes the process. The record may be new since: another process
-- was here first.
local forgotten = not known or (told ~= 0 and told ~= born)
local restored = (force or forgotten) and math.min(base, points) > level
if restored then
  level = math.min(base, points)
  if not known and hold > 0 then fresh = level end
end

if now - stamp > hold then back = 0 end -- it has leaked: see above
level = math.max(0, math.min(points, level + owed) - back)
if stamp >= since then fresh = math.max(0, fresh - back) else prev = math.max(0, prev - back) end
level = math.max(math.min(level, prev + fresh), level - credit) -- what others hold as leases is not there to be returned

local granted = 0
local free = points - level + 1e-6
if need > 0 and free >= need then
  granted = math.min(want, math.floor(free))
  level = level + granted
  if hold > 0 then fresh = fresh + granted - need end
end

if granted > 0 or restored or turned or owed > 0 or back > 0 or credit > 0 then
  -- For a window, also where it is full sooner: one that is missing is one that was forgotten.
  redis.call('SET', KEYS[1], string.format('%.17g %.17g %.17g %.17g %.17g %.17g', level, now, fresh, prev, since, born),
    'PX', math.ceil((window + 2 * hold) / 1000))
end
return { granted, string.format('%.17g', level), now, born }
