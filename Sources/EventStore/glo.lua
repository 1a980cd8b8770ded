#!lua name=glo
-- Glo's events in Redis: a lease state machine in which nothing that was accepted is ever lost.
--
-- Every function takes one key, the namespace `glo:{NAME}`; all other keys are built from it and so share its hash
-- slot. Times are milliseconds of Redis' own clock. States of an event:
--
--   queued -> running -> succeeded | delayed -> queued | dead | cancelled
--
-- `running` is owned by whoever holds the present `g` (fencing): claim counts it up, and complete, fail, extend and
-- release with another number are answered STALE. A live event never has a time to live; a terminal one always has.
-- Redis does not undo what an aborted function wrote: everything that comes in is checked before the first write.
--
-- Keys behind the namespace:
--   inv:<id>          HASH   one event for one function; its fields are listed at `new_event`
--   fn:<f>:ready      ZSET   waiting to be claimed, by priority * 2^40 + sequence
--   fn:<f>:delayed    ZSET   the function's part of `delayed`
--   fn:<f>:waiting    ZSET   behind another one of their group, by sequence
--   fn:<f>:together   HASH   topics of which several events of one group are claimed at once, and how many
--   fn:<f>:running    SET    claimed and not ended
--   fn:<f>:dlq        ZSET   dead letters by their end
--   fn:<f>:done       LIST   the last ended ones, newest first
--   fn:<f>:ended      LIST   all that ended and are no dead letters, oldest first: they give way when Redis is full
--   fn:<f>:cfg        HASH   settings of the function, see `configure`
--   fn:<f>:n          HASH   counters; `accepted` is the sequence, `turn` orders groups that come back to a queue
--   fn:<f>:off        SET    those of them whose events wait
--   fn:<f>:parked     ZSET   such events that were found among the ready ones, by their score there
--   fn:<f>:rate       HASH   token bucket; absent when it is full
--   fn:<f>:topics     SET    the topics that it is subscribed to
--   fn:<f>:g:<group>  LIST   events of one group; the first is ready, delayed, parked or running. Behind it events run
--                            when they were taken together with those before them, the others wait
--   functions         SET    all names that have or had events
--   topic:<t>:subs    SET    the functions that get the topic's events
--   queues            SET    names of pull queues: the topics of these names whose events wait to be fetched while no
--                            function is subscribed. <f> of such a queue is @queue/NAME, its cfg is listed at
--                            `queue_set`
--   delayed, leases   ZSET   by due time, by the lease's end
--   dead              ZSET   <f>:<id> of dead letters, by when they disappear
--   idem:<scope>:<k>  STRING body hash, `#` and sequence if it has one, and id of an idempotency key; the scope is
--                            fn:<f> or topic:<t>, or queue:<era> for the topic of a queue, see `topic_key`
--   idems:<scope>:<k> HASH   the same for each caller: body hash, proof, end and id
--   key:<k>           ZSET   the events of a key, for erasure, by when they disappear
--   cron:<name>       HASH   last tick and its event; ran: the ticks that were dealt with, as ranges
--   blob:<ref>        STRING number of events that refer to a content file
--   blobs:due         ZSET   <ref>:<id>, by when the reference ends; blobs:gone LIST: to be removed
--   salt              STRING makes derived ids unguessable
--   clock             HASH   of the last tick
--   wake, done        channels: hints that a function has work, that an event ended
local VERSION = 6
local PRIORITY = 2 ^ 40
local POISON = 5
local HOPS = 16
local DONE = 1000
-- The share of Redis' memory beyond which ended events give way to new ones.
local SHARE = 0.75
-- A clock that is so far off was set back, or another one is ahead.
local SKEW = 2000
-- A tick that lies further ahead is one of a controller whose clock is wrong.
local AHEAD = 300000
local BATCH = 1000
local MINUTE, DAY, YEAR = 60000, 86400000, 31622400000
local IDEMPOTENCY = DAY
local PAYLOAD, META = 1048576, 65536
local DELIVERY = '@deliver'
local PULL = '@queue/'
-- The longest that somebody may keep a message that he fetched.
local VISIBILITY = 43200000

-- redis.call and functions of strings, which are not there yet while the library is loaded; see `register`.
local call, find, sub, format, byte

local function time()
  local t = call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- A whole number as digits: tostring would write 1.7e+15, and redis.call takes three times as long.
local function int(n)
  return format('%d', n)
end

local function bad(why)
  return redis.error_reply('BADARG ' .. why)
end

local function full(f)
  return redis.error_reply('QUEUEFULL as many events wait as ' .. f .. ' allows')
end

-- ---- What may come in ----------------------------------------------------------------------------------------------

-- The number that the digits stand for; nil when there are others, or when it is more than `most`.
local function whole(text, most)
  if not text or #text > 16 or not find(text, '^%d+$') then return nil end
  local n = tonumber(text)
  return n <= most and n or nil
end

local function is_utf8(s)
  local i = find(s, '[\128-\255]')
  while i do
    local a, b, c, d = byte(s, i, i + 3)
    local n
    if a >= 0xC2 and a <= 0xDF then n = 1
    elseif a >= 0xE0 and a <= 0xEF then
      n = 2
      if a == 0xE0 and (b or 0) < 0xA0 or a == 0xED and (b or 0) > 0x9F then return false end
    elseif a >= 0xF0 and a <= 0xF4 then
      n = 3
      if a == 0xF0 and (b or 0) < 0x90 or a == 0xF4 and (b or 0) > 0x8F then return false end
    else return false end
    for k, x in ipairs({ b or 0, c or 0, d or 0 }) do
      if k <= n and (x < 0x80 or x > 0xBF) then return false end
    end
    i = find(s, '[\128-\255]', i + n + 1)
  end
  return true
end

local function is_text(value, most)
  if #value > most then return false end
  return not find(value, '[%c\128-\255]') or not find(value, '%c') and is_utf8(value)
end

local function is_function(name)
  return #name <= 64 and find(name, '^[A-Za-z0-9][A-Za-z0-9_-]*$') ~= nil
end

-- A pull queue's name, which SQS' clients give: shorter than a topic's and with fewer characters.
local function is_pull(name)
  return #name <= 80 and (find(name, '^[%w_-]+$') ~= nil or find(name, '^[%w_-]+%.fifo$') ~= nil)
end

-- The name of the pull queue whose events these are; nil when they are a function's.
local function pulled(f)
  return sub(f, 1, 7) == PULL and sub(f, 8) or nil
end

local function is_queue(name)
  return name == DELIVERY or is_function(name) or (pulled(name) ~= nil and is_pull(sub(name, 8)))
end

local function is_topic(name)
  return #name <= 128 and find(name, '^[%w_][%w_.:/-]*$') ~= nil
end

-- Small letters only: the same id in capitals would be another event.
local function is_id(text)
  return #text == 36 and find(text, '^[%da-f]+%-[%da-f]+%-[%da-f]+%-[%da-f]+%-[%da-f]+$') == 1 and
    byte(text, 9) == 45 and byte(text, 14) == 45 and byte(text, 19) == 45 and byte(text, 24) == 45
end

local function is_ref(text)
  return #text == 32 and not find(text, '[^0-9a-f]')
end

local function is_url(text)
  return #text <= 2048 and find(text, '^[Hh][Tt][Tt][Pp][Ss]?://[^%c%s"\\]+$') ~= nil and is_utf8(text)
end

-- A URL may have behind a plus the name of the secret that signs what goes there.
local function is_target(text)
  local kind, name = string.match(text, '^(%a+):(.*)$')
  if kind == 'topic' then return is_topic(name) end
  if kind == 'function' then return is_function(name) end
  if not kind then kind, name = string.match(text, '^(%a+)%+[%w_.-]+:(.*)$') end
  return (kind == 'url' or kind == 'cloudevent') and is_url(name)
end

local function is_within(least, most)
  return function(value)
    local n = whole(value, most)
    return n ~= nil and n >= least
  end
end

local function is_short(most)
  return function(value) return is_text(value, most) end
end

-- What may be said of a new event.
local OPTIONS = {
  type = is_short(256),
  meta = function(value) return #value <= META end,
  key = is_short(256),
  hash = function(value) return #value <= 128 and find(value, '^[%w+/=_-]+$') ~= nil end,
  delay = is_within(0, YEAR),
  at = is_within(0, 9007199254740991),
  priority = is_within(0, 9),
  group = is_short(128),
  maxAge = is_within(1, YEAR),
  -- For how long the key is known.
  window = is_within(1, DAY),
  attempts = is_within(1, 1000),
  event = is_short(512),
  source = is_short(64),
  callback = is_url,
  ref = is_ref,
  hops = is_within(0, HOPS),
  qualifier = is_short(128),
  -- Who sends it, as far as that is known: the same key of another caller is another key.
  scope = function(value) return #value <= 64 and not find(value, '[^%w]') end,
  -- What shows that a caller is the one of before, beside the key.
  proof = function(value) return #value <= 64 and not find(value, '[^%w]') end,
  -- Of a schedule's tick: the tick before it.
  after = is_within(0, 9007199254740991),
}

-- The settings of a function.
local SETTINGS = {
  attempts = is_within(1, 1000),
  -- Topics whose events wait, with blanks between them.
  off = is_short(16384),
  -- NAME=NUMBER of topics of whose groups as many events are claimed at once, with blanks between them.
  together = is_short(16384),
  base = is_within(0, YEAR),
  cap = is_within(0, YEAR),
  maxAge = is_within(1, YEAR),
  queue = is_within(0, 1e12),
  priority = is_within(0, 9),
  concurrency = is_within(0, 1e9),
  rateCount = is_within(1, 1e9),
  ratePer = is_within(1, YEAR),
  keep = is_within(0, YEAR),
  keepDead = is_within(0, 10 * YEAR),
  keepPayload = is_within(0, 1),
  onSuccess = is_target,
  onFailure = is_target,
}

-- The options from an argument on as a table without the empty ones; nil and why when one of them cannot be.
local function options_of(known, args, first)
  local options, n = {}, #args
  if (n - first) % 2 == 0 then return nil, 'the options are not pairs of a name and a value' end
  for i = first, n, 2 do
    local name, value = args[i], args[i + 1]
    local fits = known[name]
    if not fits then return nil, 'there is no option ' .. sub(string.gsub(name, '[^%w]', '?'), 1, 32) end
    if value ~= '' then
      if not fits(value) then return nil, name .. ' has a value that it cannot have' end
      options[name] = value
    end
  end
  return options
end

-- ---- Small things --------------------------------------------------------------------------------------------------

local function uuid(text)
  local h = redis.sha1hex(text)
  local y = ({ '8', '9', 'a', 'b' })[tonumber(sub(h, 17, 17), 16) % 4 + 1]
  return sub(h, 1, 8) .. '-' .. sub(h, 9, 12) .. '-5' .. sub(h, 14, 16) .. '-' .. y .. sub(h, 18, 20) .. '-' ..
    sub(h, 21, 32)
end

-- Derived ids must not be guessable by who knows what they are derived from: the server's random run id goes into it.
local function salt(ns)
  local s = call('GET', ns .. ':salt')
  if not s then
    local t = call('TIME')
    local info = redis.pcall('INFO', 'server')
    s = redis.sha1hex((type(info) == 'string' and info or '') .. t[1] .. '.' .. t[2] .. tostring({}))
    call('SET', ns .. ':salt', s)
  end
  return s
end

local function count(ns, f, name)
  call('HINCRBY', ns .. ':fn:' .. f .. ':n', name, 1)
end

local function key_of(ns, id)
  return ns .. ':inv:' .. id
end

local function read(ns, id)
  local flat = call('HGETALL', key_of(ns, id))
  if #flat == 0 then return nil end
  local e = {}
  for i = 1, #flat, 2 do e[flat[i]] = flat[i + 1] end
  return e
end

-- ---- Content files -------------------------------------------------------------------------------------------------

local function drop_blob(ns, ref)
  if not ref then return end
  if call('DECR', ns .. ':blob:' .. ref) <= 0 then
    call('DEL', ns .. ':blob:' .. ref)
    call('RPUSH', ns .. ':blobs:gone', ref)
  end
end

-- A terminal event disappears by itself; the file that it refers to has to follow it, and never goes before it.
local function drop_blob_later(ns, ref, id, at)
  if ref then call('ZADD', ns .. ':blobs:due', at + 1, ref .. ':' .. id) end
end

-- ---- Keys of erasure -----------------------------------------------------------------------------------------------

local function key_begins(ns, key, id)
  if not key then return end
  call('ZADD', ns .. ':key:' .. key, '+inf', id)
  call('PERSIST', ns .. ':key:' .. key)
end

-- The key's list lives as long as the last of its events.
local function key_ends(ns, key, id, at, now)
  if not key then return end
  local name = ns .. ':key:' .. key
  call('ZADD', name, at, id)
  call('ZREMRANGEBYSCORE', name, '-inf', '(' .. int(now))
  local last = call('ZRANGE', name, 0, 0, 'REV', 'WITHSCORES')
  if last[2] and last[2] ~= 'inf' then call('PEXPIREAT', name, last[2]) end
end

-- ---- Moving between the queues -------------------------------------------------------------------------------------

-- `others`, when known: whether any were ready before.
local function make_ready(ns, f, id, score, others)
  local ready = ns .. ':fn:' .. f .. ':ready'
  call('ZADD', ready, score, id)
  if not others and call('ZCARD', ready) == 1 then call('PUBLISH', ns .. ':wake', f) end
end

local function make_delayed(ns, f, id, due)
  call('ZADD', ns .. ':delayed', due, id)
  call('ZADD', ns .. ':fn:' .. f .. ':delayed', due, id)
end

local function schedule(ns, inv, f, id, due, score, now)
  if due > now then
    call('HSET', inv, 's', 'delayed', 'nb', due)
    make_delayed(ns, f, id, due)
  else
    call('HSET', inv, 's', 'queued')
    make_ready(ns, f, id, score)
  end
end

-- Makes the group's first event ready or delayed when it waits; one that runs was taken with those before it.
local function wake_group(ns, f, group, now)
  local list = ns .. ':fn:' .. f .. ':g:' .. group
  while true do
    local first = call('LINDEX', list, 0)
    if not first then return end
    local inv = key_of(ns, first)
    local v = call('HMGET', inv, 'nb', 'q')
    if v[2] then
      if call('ZREM', ns .. ':fn:' .. f .. ':waiting', first) == 1 then
        schedule(ns, inv, f, first, tonumber(v[1]) or 0, tonumber(v[2]), now)
      end
      return
    end
    call('LPOP', list)
  end
end

-- An event is over: those behind it in its group may go.
local function next_of_group(ns, f, id, group, now)
  if not group then return end
  call('LREM', ns .. ':fn:' .. f .. ':g:' .. group, 1, id)
  call('ZREM', ns .. ':fn:' .. f .. ':waiting', id)
  wake_group(ns, f, group, now)
end

-- An event that ran is to run again, not before a time: at the score, or behind what is before it in its group.
local function again(ns, inv, f, id, group, due, score, now)
  if group and call('LINDEX', ns .. ':fn:' .. f .. ':g:' .. group, 0) ~= id then
    call('HSET', inv, 's', 'queued', 'nb', int(due))
    call('ZADD', ns .. ':fn:' .. f .. ':waiting', score % PRIORITY, id)
  else
    schedule(ns, inv, f, id, due, score, now)
  end
end

-- Those behind an event in its group that can be taken together with it, at most so many: up to the first that runs.
local function followers(ns, f, id, group, most)
  local found = {}
  if not group or most < 1 then return found end
  for i, other in ipairs(call('LRANGE', ns .. ':fn:' .. f .. ':g:' .. group, 0, most)) do
    if i > 1 or other ~= id then
      if i == 1 or not call('ZSCORE', ns .. ':fn:' .. f .. ':waiting', other) then break end
      found[#found + 1] = other
    end
  end
  return found
end

-- What `is_full` and `new_event` have to know of a function.
local function limits_of(ns, f)
  return call('HMGET', ns .. ':fn:' .. f .. ':cfg', 'known', 'maxAge', 'queue', 'priority')
end

-- Whether no more may wait. Leaves in the limits whether any are ready.
local function is_full(ns, f, limits)
  local most = tonumber(limits[3])
  if not most or most == 0 then return false end
  local fn = ns .. ':fn:' .. f
  local n = call('ZCARD', fn .. ':ready')
  limits.others = n > 0
  return n >= most or
    n + call('ZCARD', fn .. ':delayed') + call('ZCARD', fn .. ':waiting') + call('ZCARD', fn .. ':parked') >= most
end

-- The fields of those options that are stored as they came.
local FIELDS = {
  ref = 'r', meta = 'm', type = 'ct', topic = 't', key = 'k', group = 'gr', callback = 'cb', hops = 'h', replay = 'rp',
  schedule = 'sc', attempts = 'ma', source = 'src',
  qualifier = 'ql',
}

-- Creates an event. Fields of its hash, those apart from f, s, q, at and ex only when there is something to say:
-- f function, s state, p payload or r its file, m request head as JSON, ct content type, q score, at accepted, nb not
-- before, ex expires, a attempts, ma at most, c crashes, g gen, o owner, st started, en ended, v version, t topic,
-- e event id when it is not the id, k key, gr group, cb callback, src source, ql qualifier, h hops, rp replay of, sc schedule,
-- res result or rr its file, rm result head, err last error, log log lines, x cancel wanted, rl releases,
-- rd redrives, gone when the payload was removed at its end, pk since when it is parked, flt when a filter kept it from
-- its function; of a pull queue's: rc how often and fr when first it was fetched, dl the queue that gave it
-- up and rb how often it was fetched there, mv the event that it was before, back the g that gave it back before its
-- time. Gives the event's sequence.
local function new_event(ns, id, f, payload, o, now, limits)
  local fn, inv = ns .. ':fn:' .. f, key_of(ns, id)
  local due = tonumber(o.at) or (now + (tonumber(o.delay) or 0))
  local age = tonumber(o.maxAge or limits[2]) or 21600000
  local seq = call('HINCRBY', fn .. ':n', 'accepted', 1)
  local score = int((tonumber(o.priority or limits[4]) or 5) * PRIORITY + seq)
  local waits = o.group and call('RPUSH', fn .. ':g:' .. o.group, id) > 1
  local fields = { 'HSET', inv, 'f', f, 's', (due > now and not waits) and 'delayed' or 'queued', 'q', score,
    'at', int(now), 'ex', int(math.max(due, now) + age) }
  local n = 12
  if payload ~= '' then
    fields[13], fields[14] = 'p', payload
    n = 14
  end
  if due > now then
    fields[n + 1], fields[n + 2] = 'nb', int(due)
    n = n + 2
  end
  if o.event and o.event ~= id then
    fields[n + 1], fields[n + 2] = 'e', o.event
    n = n + 2
  end
  for name, value in pairs(o) do
    local field = FIELDS[name]
    if field then
      fields[n + 1], fields[n + 2] = field, value
      n = n + 2
    end
  end
  call(unpack(fields))
  if o.ref then call('INCR', ns .. ':blob:' .. o.ref) end
  key_begins(ns, o.key, id)
  if not limits[1] then call('SADD', ns .. ':functions', f) end
  if waits then
    call('ZADD', fn .. ':waiting', seq, id)
  elseif due > now then
    make_delayed(ns, f, id, due)
  else
    make_ready(ns, f, id, score, limits.others)
  end
  return seq
end

-- Creates one event for each subscriber, or none; an id that exists is left alone. Gives the ids and their functions,
-- whether one is new and the sequence of the last that is; or nil and why.
local function fan_out(ns, topic, payload, o, now)
  local subs = call('SMEMBERS', ns .. ':topic:' .. topic .. ':subs')
  if #subs == 0 then
    if call('SISMEMBER', ns .. ':queues', topic) == 0 then return nil, 'NOTOPIC' end
    subs[1] = PULL .. topic
  end
  table.sort(subs)
  local seed = salt(ns) .. topic .. '\n' .. o.event .. '\n'
  local made, limits, fresh = {}, {}, false
  for i, f in ipairs(subs) do
    -- What was in a queue before it was purged or made anew is not what comes now, whatever its id.
    local era = pulled(f) and call('HGET', ns .. ':fn:' .. f .. ':cfg', 'era')
    local id = uuid(seed .. f .. (era and '\n' .. era or ''))
    made[2 * i - 1] = id
    made[2 * i] = f
    if call('EXISTS', key_of(ns, id)) == 0 then
      limits[i] = limits_of(ns, f)
      if is_full(ns, f, limits[i]) then return nil, 'FULL', f end
      fresh = true
    end
  end
  o.topic = topic
  local seq
  for i, f in ipairs(subs) do
    if limits[i] then seq = new_event(ns, made[2 * i - 1], f, payload, o, now, limits[i]) end
  end
  return made, fresh, seq
end

-- ---- Ends ----------------------------------------------------------------------------------------------------------

local BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

local function base64(s)
  local function digit(n) return sub(BASE64, n + 1, n + 1) end
  local out = {}
  for i = 1, #s, 3 do
    local a, b, c = byte(s, i, i + 2)
    local n = a * 65536 + (b or 0) * 256 + (c or 0)
    out[#out + 1] = digit(math.floor(n / 262144)) .. digit(math.floor(n / 4096) % 64) ..
      (b and digit(math.floor(n / 64) % 64) or '=') .. (c and digit(n % 64) or '=')
  end
  return table.concat(out)
end

local DEPTH = 128
local strict

-- Whether it parses, and is nested so little that any reader of the record can take it.
local function parses(text)
  if not strict then
    -- An instance of its own: the settings of the shared one are not ours to change.
    strict = cjson.new()
    strict.decode_max_depth(DEPTH)
    strict.decode_invalid_numbers(false)
  end
  return (pcall(strict.decode, text))
end

local function is_number(text)
  local digits, tail = string.match(text, '^%-?(%d+)(.*)$')
  if not digits or (#digits > 1 and sub(digits, 1, 1) == '0') then return false end
  tail = string.gsub(tail, '^%.%d+', '')
  return tail == '' or find(tail, '^[eE][+-]?%d+$') ~= nil
end

-- cjson lets raw control characters and some numbers pass that are not JSON: they are looked for.
local function is_json(text)
  if not is_utf8(text) or find(text, '[%z\1-\8\11\12\14-\31]') or not parses(text) then return false end
  local bare = string.gsub(text, '\\.', '')
  for inside in string.gmatch(bare, '"([^"]*)"') do
    if find(inside, '%c') then return false end
  end
  bare = string.gsub(bare, '"[^"]*"', '')
  for number in string.gmatch(bare, '[%d.+-][%d.eE+-]*') do
    if not is_number(number) then return false end
  end
  return not find(bare, '[^%s%d%[%]{},:.eE+%-truefalsn]')
end

-- A payload or result inside a record: as JSON when it is, else as a string, else as base64, and what says so.
local function embedded(name, text)
  if not text or text == '' then return ',"' .. name .. '":null' end
  if is_json(text) then return ',"' .. name .. '":' .. text end
  if is_utf8(text) then return ',"' .. name .. '":' .. cjson.encode(text) end
  return ',"' .. name .. '":"' .. base64(text) .. '","' .. name .. 'IsBase64Encoded":true'
end

local function stamp(ms)
  -- Days since 1970-01-01 to a date (Howard Hinnant's civil_from_days), for RFC 3339.
  local days = math.floor(ms / 86400000)
  local z = days + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local d = doy - math.floor((153 * mp + 2) / 5) + 1
  local m = mp < 10 and mp + 3 or mp - 9
  local y = yoe + era * 400 + (m <= 2 and 1 or 0)
  local rest = ms - days * 86400000
  return string.format('%04d-%02d-%02dT%02d:%02d:%02d.%03dZ', y, m, d, math.floor(rest / 3600000),
    math.floor(rest / 60000) % 60, math.floor(rest / 1000) % 60, rest % 1000)
end

-- What a failed function said itself, as it said it; else what is kept of the failure. It is a JSON object with texts
-- before its last member, in which quotes have a backslash.
local function posted(err)
  local _, before = find(err or '', ',"payload":', 1, true)
  return before and sub(err, before + 1, -2) or err
end

-- The record of an ended event, in the shape of Lambda's destinations. Which number an alias named is not known here.
local function record(id, e, condition, now)
  local failed = condition ~= 'Success'
  local named = e.ql or '$LATEST'
  local executed = (named == '$LATEST' or find(named, '^%d+$')) and ',"executedVersion":"' .. named .. '"' or ''
  local own = (e.v and e.v ~= '') and ',"gloVersion":"' .. e.v .. '"' or ''
  return '{"version":"1.0","timestamp":"' .. stamp(now) .. '","requestContext":{"requestId":"' .. id ..
    '","functionArn":"arn:aws:lambda:us-east-1:000000000000:function:' .. e.f .. ':' .. named ..
    '","condition":"' .. condition .. '","approximateInvokeCount":' ..
    int((tonumber(e.a) or 0) + (tonumber(e.c) or 0)) .. '}' .. embedded('requestPayload', e.p) ..
    ',"responseContext":{"statusCode":200' .. executed .. own ..
    (failed and ',"functionError":"Unhandled"' or '') .. '}' ..
    embedded('responsePayload', failed and posted(e.err) or e.res) .. '}'
end

-- Brings a record on its way; gives nil, or why it cannot be as JSON.
local function route(ns, target, event, body, o, now)
  local kind, name = string.match(target, '^(%a+):(.*)$')
  o.event = event
  if kind == 'topic' then
    local made, why = fan_out(ns, name, body, o, now)
    o.topic = nil
    if made then return nil end
    if why == 'FULL' then return '{"code":"queue_full","detail":"a subscriber of the topic takes no more events"}' end
    return '{"code":"topic_not_found","detail":"nobody takes the topic"}'
  end
  local f = kind == 'function' and name or DELIVERY
  local limits = limits_of(ns, f)
  if kind == 'function' and is_full(ns, f, limits) then
    return '{"code":"queue_full","detail":"the function takes no more events"}'
  end
  if call('EXISTS', key_of(ns, event)) == 0 then
    if f == DELIVERY then
      o.meta = target
      o.attempts = '12'
      o.maxAge = int(DAY)
    end
    new_event(ns, event, f, body, o, now, limits)
  end
  return nil
end

-- Forward: an event that cannot go where it should is a dead letter itself; one goes from a queue to another.
local die, move

local function deliver(ns, target, body, id, e, now)
  local hops = (tonumber(e.h) or 0) + 1
  local event = uuid(salt(ns) .. id .. '>' .. (e.rd or '0') .. '>' .. e.s .. '>' .. target)
  local o = { hops = int(hops), type = 'application/json', source = 'destination', key = e.k }
  local trouble
  if hops > HOPS then
    trouble = '{"code":"too_many_hops","detail":"the event went through ' .. HOPS .. ' destinations"}'
  else
    trouble = route(ns, target, event, body, o, now)
  end
  if not trouble or call('EXISTS', key_of(ns, event)) == 1 then return end
  o.event = event
  o.meta = target
  new_event(ns, event, DELIVERY, body, o, now, limits_of(ns, DELIVERY))
  call('ZREM', ns .. ':fn:' .. DELIVERY .. ':ready', event)
  die(ns, event, DELIVERY, trouble, 'RetriesExhausted', now)
end

local function destinations(ns, id, target, e, condition, now)
  if not target and not e.cb then return end
  local body = record(id, e, condition, now)
  if target then deliver(ns, target, body, id, e, now) end
  if e.cb then deliver(ns, 'url:' .. e.cb, body, id, e, now) end
end

local function leave(ns, f, id)
  call('SREM', ns .. ':fn:' .. f .. ':running', id)
  call('ZREM', ns .. ':leases', id)
end

-- A hash that once had a long value stays a table of 1 kB, whatever is taken out of it: written anew it takes a
-- quarter. Redis looks at its hash-max-listpack-value, which is 64 unless Glo has set it.
local function compact(inv)
  if call('OBJECT', 'ENCODING', inv) ~= 'hashtable' then return end
  local flat = call('HGETALL', inv)
  for i = 2, #flat, 2 do
    if #flat[i] > 256 then return end
  end
  call('DEL', inv)
  call('HSET', inv, unpack(flat))
end

-- Nobody has to act on it any more: it is small from now on, and gives way when Redis is full. Comes before `ended`.
local function settle(ns, f, inv, id, at)
  compact(inv)
  local list = ns .. ':fn:' .. f .. ':ended'
  local n = call('RPUSH', list, id)
  if n > 1 and n % 32 > 0 then return end
  -- Those that have disappeared by themselves, two for each that came.
  for _ = 1, 64 do
    local first = call('LINDEX', list, 0)
    if not first or call('EXISTS', key_of(ns, first)) == 1 then break end
    call('LPOP', list)
  end
  -- That of a function that is gone goes too, long after the last of its events.
  call('PEXPIREAT', list, int(at + 30 * DAY))
end

-- What all ends have in common: the event disappears at a time, until then the list of the ended ones shows it.
local function ended(ns, id, f, group, key, at, now)
  local done = ns .. ':fn:' .. f .. ':done'
  local n, till = call('LPUSH', done, id), int(at)
  if n == 1 then call('PEXPIREAT', done, till) else call('PEXPIREAT', done, till, 'GT') end
  if n > DONE + 100 then call('LTRIM', done, 0, DONE - 1) end
  call('PEXPIREAT', key_of(ns, id), till)
  key_ends(ns, key, id, at, now)
  next_of_group(ns, f, id, group, now)
  call('PUBLISH', ns .. ':done', id)
end

die = function(ns, id, f, err, condition, now)
  call('HSET', key_of(ns, id), 's', 'dead', 'en', int(now), 'err', err)
  local cfg = call('HMGET', ns .. ':fn:' .. f .. ':cfg', 'keepDead', 'onFailure')
  local e = read(ns, id)
  local at = now + math.max(tonumber(cfg[1]) or 14 * DAY, MINUTE)
  drop_blob_later(ns, e.r, id, at)
  call('ZADD', ns .. ':fn:' .. f .. ':dlq', now, id)
  call('ZADD', ns .. ':dead', at, f .. ':' .. id)
  count(ns, f, 'dead')
  ended(ns, id, f, e.gr, e.k, at, now)
  destinations(ns, id, cfg[2], e, condition, now)
end

local function cancelled(ns, id, f, now)
  local inv = key_of(ns, id)
  local v = call('HMGET', inv, 'r', 'gr', 'k')
  local keep = tonumber(call('HGET', ns .. ':fn:' .. f .. ':cfg', 'keep')) or DAY
  drop_blob(ns, v[1])
  call('HDEL', inv, 'p', 'r', 'm')
  call('HSET', inv, 's', 'cancelled', 'en', now, 'gone', '1')
  count(ns, f, 'cancelled')
  settle(ns, f, inv, id, now + math.max(keep, MINUTE))
  ended(ns, id, f, v[2], v[3], now + math.max(keep, MINUTE), now)
end

-- A message that was fetched can be fetched again. Of a group it goes behind those of other groups that came until now,
-- so that no group keeps the others from being fetched.
local function give_back(ns, inv, f, id, group, score, now)
  if group then
    local n = call('HMGET', ns .. ':fn:' .. f .. ':n', 'accepted', 'turn')
    local turn = ((tonumber(n[2]) or 0) + 1) % 512
    call('HSET', ns .. ':fn:' .. f .. ':n', 'turn', turn)
    if call('LINDEX', ns .. ':fn:' .. f .. ':g:' .. group, 0) == id then
      call('HSET', inv, 's', 'queued')
      -- Scores have room for nine more bits.
      local place = format('%.9f', score - score % PRIORITY + (tonumber(n[1]) or 0) + turn / 512)
      return make_ready(ns, f, id, place)
    end
  end
  again(ns, inv, f, id, group, now, score, now)
end

-- A lease ran out or its owner is gone.
local function crash(ns, id, now, why)
  local inv = key_of(ns, id)
  local v = call('HMGET', inv, 'f', 's', 'c', 'q', 'x', 'g', 'gr')
  if not v[1] then
    call('ZREM', ns .. ':leases', id)
    return nil
  end
  local f = v[1]
  leave(ns, f, id)
  if v[2] ~= 'running' then return nil end
  if pulled(f) then
    -- Who fetched it had his time. Until somebody else fetches it he may still delete it.
    if v[5] then cancelled(ns, id, f, now) else give_back(ns, inv, f, id, v[7], tonumber(v[4]), now) end
    return nil
  end
  local crashes = (tonumber(v[3]) or 0) + 1
  call('HSET', inv, 'c', crashes, 'g', (tonumber(v[6]) or 0) + 1)
  count(ns, f, 'crashed')
  if v[5] then
    cancelled(ns, id, f, now)
  elseif crashes >= POISON then
    die(ns, id, f, '{"code":"poison","detail":"its worker or controller was lost ' .. crashes ..
      ' times while it ran (' .. why .. ')"}', 'RetriesExhausted', now)
    return 'poison'
  else
    again(ns, inv, f, id, v[7], now, tonumber(v[4]), now)
  end
  return 'again'
end

-- Ends leases whose time is over, in the order of their events; with `pulls` only those of pull queues. Gives how many
-- runs were lost, and how many of them for good.
local function end_leases(ns, limit, now, pulls)
  local over, crashed, poisoned = {}, 0, 0
  for _, id in ipairs(call('ZRANGEBYSCORE', ns .. ':leases', '-inf', int(now), 'LIMIT', 0, limit)) do
    local v = call('HMGET', key_of(ns, id), 'f', 'q')
    if not pulls or (v[1] and pulled(v[1])) then over[#over + 1] = { id, tonumber(v[2]) or 0 } end
  end
  table.sort(over, function(a, b) return a[2] < b[2] end)
  for _, one in ipairs(over) do
    local what = crash(ns, one[1], now, 'its lease ran out')
    if what then crashed = crashed + 1 end
    if what == 'poison' then poisoned = poisoned + 1 end
  end
  return crashed, poisoned
end

-- ---- Taking events in ----------------------------------------------------------------------------------------------

-- Where the key of callers is kept that are told apart.
local function scoped(name)
  return (string.gsub(name, ':idem:', ':idems:', 1))
end

-- What an idempotency key is known for: nil, or SAME, KNOWN or MISMATCH, the id, and the sequence if it was kept. KNOWN:
-- it is the same, and nothing shows that this caller is the one of before, who alone is to learn the id.
local function known_by_key(name, o, now)
  if o.scope then
    local hash, proof, till, first = string.match(call('HGET', scoped(name), o.scope) or '', '^([^|]*)|([^|]*)|(%d+)|(.*)$')
    if hash and tonumber(till) > now then
      if hash ~= (o.hash or '') then return 'MISMATCH', first end
      if proof ~= '' and proof == o.proof then return 'SAME', first end
      return 'KNOWN', ''
    end
  end
  local known = call('GET', name)
  if not known then return nil end
  local hash, seq, first = string.match(known, '^([^|#]*)#?(%d*)|(.*)$')
  if hash ~= (o.hash or '') then return 'MISMATCH', first end
  -- Callers were not told apart when it was kept.
  if o.scope then return 'KNOWN', '' end
  return 'SAME', first, tonumber(seq)
end

local function remember_key(name, o, id, now, seq)
  local span = tonumber(o.window) or IDEMPOTENCY
  if not o.scope then
    call('SET', name, (o.hash or '') .. (seq and '#' .. int(seq) or '') .. '|' .. id, 'PX', span)
    return
  end
  call('HSET', scoped(name), o.scope, (o.hash or '') .. '|' .. (o.proof or '') .. '|' .. int(now + span) .. '|' .. id)
  call('PEXPIRE', scoped(name), IDEMPOTENCY)
end

-- Where a topic's key is remembered. A queue's keys belong to its era, which ends when it is purged or removed: what
-- comes afterwards is new.
local function topic_key(ns, topic, key, group)
  local v = call('HMGET', ns .. ':fn:' .. PULL .. topic .. ':cfg', 'era', 'byGroup')
  if not v[1] then return ns .. ':idem:topic:' .. topic .. ':' .. key end
  if v[2] == '1' and group then key = #group .. ':' .. group .. ':' .. key end
  return ns .. ':idem:queue:' .. v[1] .. ':' .. key
end

local function is_too_late(o, now)
  return o.at and tonumber(o.at) > now + YEAR
end

-- enqueue: id function payload [option value]... -> {OK|SAME|KNOWN|MISMATCH, id}; an empty id: Redis makes one
local function enqueue(ns, args)
  local id, f, payload = args[1], args[2], args[3]
  if id ~= '' and not is_id(id) then return bad('the id is not a UUID in small letters') end
  if not is_function(f) then return bad('that is not a name of a function') end
  if #payload > PAYLOAD then return bad('the payload has more than 1 MiB') end
  local o, flaw = options_of(OPTIONS, args, 4)
  if not o then return bad(flaw) end
  local now = time()
  if is_too_late(o, now) then return bad('at lies more than a year ahead') end
  if id == '' then
    id = uuid(salt(ns) .. f .. call('INCR', ns .. ':seq') .. ':' .. now)
  elseif call('EXISTS', key_of(ns, id)) == 1 then
    return { 'SAME', id }
  end
  local name = o.key and ns .. ':idem:fn:' .. f .. ':' .. o.key
  if name then
    local known, first = known_by_key(name, o, now)
    if known then return { known, first } end
  end
  local limits = limits_of(ns, f)
  if is_full(ns, f, limits) then return full(f) end
  if name then remember_key(name, o, id, now) end
  new_event(ns, id, f, payload, o, now, limits)
  return { 'OK', id }
end

-- publish: topic payload [option value]... -> {OK, event, id, function, ...} | {SAME|KNOWN|MISMATCH, event}; of topics
-- whose names end in .fifo behind it the sequence, if it is known
local function publish(ns, args)
  local topic, payload = args[1], args[2]
  if not is_topic(topic) then return bad('that is not a name of a topic') end
  if #payload > PAYLOAD then return bad('the payload has more than 1 MiB') end
  local o, flaw = options_of(OPTIONS, args, 3)
  if not o then return bad(flaw) end
  local now = time()
  if is_too_late(o, now) then return bad('at lies more than a year ahead') end
  local name = o.key and topic_key(ns, topic, o.key, o.group)
  if name then
    local known, first, seq = known_by_key(name, o, now)
    if known then return { known, first, seq } end
  end
  if not o.event then o.event = uuid(salt(ns) .. topic .. call('INCR', ns .. ':seq') .. ':' .. now) end
  local made, fresh, more = fan_out(ns, topic, payload, o, now)
  if not made then
    if fresh == 'FULL' then return full(more) end
    return redis.error_reply('NOTOPIC no function is subscribed to it')
  end
  local seq = find(topic, '%.fifo$') and more
  if name then remember_key(name, o, o.event, now, seq) end
  if not fresh then return { 'SAME', o.event } end
  made[#made + 1] = seq or nil
  return { 'OK', o.event, unpack(made) }
end

-- ---- Running them --------------------------------------------------------------------------------------------------

-- How many may be claimed now, by the function's limits of concurrency and rate; the tokens of the latter and their
-- bound and time; the greatest number of attempts.
local function allowance(ns, f, wanted, now)
  local fn = ns .. ':fn:' .. f
  local cfg = call('HMGET', fn .. ':cfg', 'concurrency', 'rateCount', 'ratePer', 'attempts')
  if cfg[1] then wanted = math.min(wanted, tonumber(cfg[1]) - call('SCARD', fn .. ':running')) end
  local limit, per = tonumber(cfg[2]), tonumber(cfg[3])
  if not limit or not per or wanted <= 0 then return wanted, nil, nil, tonumber(cfg[4]) or 3 end
  local v = call('HMGET', fn .. ':rate', 'tokens', 'at')
  -- A clock that went back must not stop the refilling until it is where it was.
  local since = math.max(0, now - (tonumber(v[2]) or now))
  local tokens = math.min(limit, (tonumber(v[1]) or limit) + since * limit / per)
  if v[2] and tonumber(v[2]) > now then call('HSET', fn .. ':rate', 'at', now) end
  return math.min(wanted, math.floor(tokens)), tokens, per, tonumber(cfg[4]) or 3
end

-- The events of a group that a function gets together with the first one: of its topic, due, not too old, and with their
-- payload in the store, since those of files come later.
local function group_behind(ns, fn, f, id, group, topic, most, now)
  local limit = tonumber(call('HGET', fn .. ':together', topic)) or 1
  local found = followers(ns, f, id, group, math.min(most, limit - 1))
  for i, other in ipairs(found) do
    local v = call('HMGET', key_of(ns, other), 't', 'nb', 'ex', 'r', 'a', 'rl')
    -- One that ran before comes again with the one before it.
    local waits = (tonumber(v[2]) or 0) > now and not v[5] and not v[6]
    if waits or v[1] ~= topic or (tonumber(v[3]) or 0) <= now or v[4] then return { unpack(found, 1, i - 1) } end
  end
  return found
end

-- Claims at most so many of one function; appends them to `taken`.
local function claim_of(ns, f, most, owner, lease, now, taken)
  local fn = ns .. ':fn:' .. f
  local ready = fn .. ':ready'
  local tokens, per, attempts
  most, tokens, per, attempts = allowance(ns, f, most, now)
  local got, seen = 0, 0
  local began, till = int(now), int(now + lease)
  local off = call('EXISTS', fn .. ':off') == 1
  -- The expired and parked ones among them do not count, but bound what one call does.
  while got < most and seen < most + (off and BATCH or 100) do
    local ids = call('ZRANGE', ready, 0, most - got - 1)
    if #ids == 0 then break end
    local leases, running, before = { 'ZADD', ns .. ':leases' }, { 'SADD', fn .. ':running' }, got
    local spare, waited, i = most - got - #ids, false, 0
    while ids[i + 1] do
      i = i + 1
      local id = ids[i]
      local inv = key_of(ns, id)
      local v = call('HMGET', inv, 'ex', 'a', 'c', 'at', 'p', 'r', 'm', 'ct', 't', 'e', 'gr', 'k', 'src', 'h', 'sc',
        'ma', 'g', 'ql', 'pk', 'q', 'dl')
      -- The time for which it had to wait does not make it older.
      if v[19] then
        v[1] = int(tonumber(v[1]) + math.max(0, now - tonumber(v[19])))
        call('HSET', inv, 'ex', v[1])
        call('HDEL', inv, 'pk')
      end
      if off and v[1] and v[9] and call('SISMEMBER', fn .. ':off', v[9]) == 1 then
        call('HSET', inv, 'pk', began)
        call('ZADD', fn .. ':parked', call('ZSCORE', ready, id), id)
      elseif v[1] and tonumber(v[1]) <= now then
        die(ns, id, f, '{"code":"expired","detail":"it waited longer than its greatest age"}', 'EventAgeExceeded', now)
      elseif v[1] then
        local gen = (tonumber(v[17]) or 0) + 1
        call('HSET', inv, 's', 'running', 'o', owner, 'st', began, 'g', gen)
        got = got + 1
        running[got + 2 - before] = id
        leases[2 * (got - before) + 1] = till
        leases[2 * (got - before) + 2] = id
        taken[#taken + 1] = { id, f, gen, (tonumber(v[2]) or 0) + 1, tonumber(v[3]) or 0, tonumber(v[4]), v[5] or '',
          v[6] or '', v[7] or '', v[8] or '', v[9] or '', v[10] or id, v[11] or '', v[12] or '', v[13] or '',
          v[15] or '', tonumber(v[16]) or attempts, tonumber(v[1]), tonumber(v[14]) or 0,
          v[18] or '', tonumber(v[20]) % PRIORITY, v[21] or '' }
        if v[11] and v[9] and spare > 0 and not v[6] then
          local group = group_behind(ns, fn, f, id, v[11], v[9], spare, now)
          spare, waited = spare - #group, waited or #group > 0
          for k, other in ipairs(group) do table.insert(ids, i + k, other) end
        end
      end
    end
    if #leases > 2 then
      call(unpack(leases))
      call(unpack(running))
    end
    call('ZREM', ready, unpack(ids))
    if waited then call('ZREM', fn .. ':waiting', unpack(ids)) end
    seen = seen + #ids
  end
  if tokens and got > 0 then
    call('HSET', fn .. ':rate', 'tokens', tostring(tokens - got), 'at', now)
    call('PEXPIRE', fn .. ':rate', per + MINUTE)
  end
end

-- claim: owner lease [function most]... -> {{id, function, gen, attempt, crashes, accepted, payload, ref, meta, type,
-- topic, event, group, key, source, schedule, attempts at most, expires, hops, qualifier, sequence, queue that gave it
-- up}, ...}
local function claim(ns, args)
  local owner, lease = args[1], whole(args[2], YEAR)
  if owner == '' or not is_text(owner, 256) then return bad('the owner is no short text') end
  if not lease or lease == 0 then return bad('the lease is no number of milliseconds') end
  if #args % 2 == 1 then return bad('each function needs the number of events wanted') end
  for i = 3, #args, 2 do
    if not is_queue(args[i]) then return bad('that is not a name of a function') end
    if not whole(args[i + 1], BATCH) then return bad('at most ' .. BATCH .. ' events of a function at once') end
  end
  local now = time()
  local taken = {}
  for i = 3, #args, 2 do
    if call('EXISTS', ns .. ':fn:' .. args[i] .. ':ready') == 1 then
      claim_of(ns, args[i], tonumber(args[i + 1]), owner, lease, now, taken)
    end
  end
  return taken
end

-- extend: owner lease [id gen]... -> {id, stale|cancel, ...}: only those that something is to be said of
local function extend(ns, args)
  local lease = whole(args[2], YEAR)
  if not lease or lease == 0 then return bad('the lease is no number of milliseconds') end
  if #args % 2 == 1 then return bad('each id needs its generation') end
  local till = time() + lease
  local said = {}
  for i = 3, #args, 2 do
    local id = args[i]
    local v = call('HMGET', key_of(ns, id), 's', 'g', 'x')
    local word
    if v[1] == 'running' and v[2] == args[i + 1] then
      call('ZADD', ns .. ':leases', 'XX', till, id)
      word = v[3] and 'cancel'
    else
      word = 'stale'
    end
    if word then
      said[#said + 1] = id
      said[#said + 1] = word
    end
  end
  return said
end

local function is_version(text)
  return #text <= 64 and not find(text, '[^%w$._-]')
end

-- complete: id gen version resultHead result resultRef -> OK|STALE
local function complete(ns, args)
  local id, version, ref = args[1], args[3], args[6]
  if not is_version(version) then return bad('that is not a version') end
  if ref ~= '' and not is_ref(ref) then return bad('that is not a name of a content file') end
  local inv = key_of(ns, id)
  local v = call('HMGET', inv, 's', 'g', 'f', 'gr', 'r', 'cb', 'a', 'k')
  if v[1] ~= 'running' or v[2] ~= args[2] then return 'STALE' end
  local now, f = time(), v[3]
  local cfg = call('HMGET', ns .. ':fn:' .. f .. ':cfg', 'keep', 'onSuccess', 'keepPayload')
  local keep = tonumber(cfg[1]) or DAY
  -- A result that nobody is to see: its end is still known for a minute, to whoever waits for it.
  local at = now + math.max(keep, MINUTE)
  local attempts = (tonumber(v[7]) or 0) + 1
  leave(ns, f, id)
  if keep > 0 then
    call('HSET', inv, 's', 'succeeded', 'en', int(now), 'v', version, 'a', attempts, 'rm', args[4], 'res', args[5])
    if ref ~= '' then
      call('HSET', inv, 'rr', ref)
      call('INCR', ns .. ':blob:' .. ref)
      drop_blob_later(ns, ref, id, at)
    end
  else
    call('HSET', inv, 's', 'succeeded', 'en', now, 'v', version, 'a', attempts)
    if ref ~= '' then call('RPUSH', ns .. ':blobs:gone', ref) end
  end
  count(ns, f, 'succeeded')
  local e
  if cfg[2] or v[6] then
    e = read(ns, id)
    e.res = args[5]
  end
  if cfg[3] == '1' and keep > 0 then
    drop_blob_later(ns, v[5], id, at)
    call('HDEL', inv, 'err', 'log')
  else
    call('HDEL', inv, 'p', 'r', 'm', 'err', 'log')
    call('HSET', inv, 'gone', '1')
    drop_blob(ns, v[5])
  end
  settle(ns, f, inv, id, at)
  ended(ns, id, f, v[4], v[8], at, now)
  if e then destinations(ns, id, cfg[2], e, 'Success', now) end
  return 'OK'
end

-- filter: [id gen]... -> number: events that their function does not want end without a run, and without a record
local function filter(ns, args)
  if #args % 2 == 1 then return bad('each id needs its generation') end
  local now, n = time(), 0
  for i = 1, #args, 2 do
    local id = args[i]
    local inv = key_of(ns, id)
    local v = call('HMGET', inv, 's', 'g', 'f', 'gr', 'r', 'k')
    if v[1] == 'running' and v[2] == args[i + 1] then
      local f = v[3]
      local keep = tonumber(call('HGET', ns .. ':fn:' .. f .. ':cfg', 'keep')) or DAY
      leave(ns, f, id)
      call('HSET', inv, 's', 'succeeded', 'en', int(now), 'flt', '1', 'gone', '1')
      call('HDEL', inv, 'p', 'r', 'm', 'err', 'log')
      drop_blob(ns, v[5])
      count(ns, f, 'filtered')
      settle(ns, f, inv, id, now + math.max(keep, MINUTE))
      ended(ns, id, f, v[4], v[6], now + math.max(keep, MINUTE), now)
      n = n + 1
    end
  end
  return n
end

-- What the queue of a topic says of messages that functions fail at: nil when there is no such queue, else its
-- visibility, how often one is given out at most, and where it goes then.
local function queue_of(ns, topic)
  if not topic or call('SISMEMBER', ns .. ':queues', topic) == 0 then return nil end
  return call('HMGET', ns .. ':fn:' .. PULL .. topic .. ':cfg', 'visibility', 'maxReceive', 'target')
end

-- fail: id gen version error log random retryAfter final -> {RETRY, due} | {DEAD} | {CANCELLED} | {STALE}
local function fail(ns, args)
  local id, version, random, after = args[1], args[3], tonumber(args[6]), whole(args[7], YEAR)
  if not is_version(version) then return bad('that is not a version') end
  if not random or not (random >= 0 and random <= 1) then return bad('random lies between 0 and 1') end
  if not after then return bad('retryAfter takes milliseconds, at most a year') end
  local inv = key_of(ns, id)
  local v = call('HMGET', inv, 's', 'g', 'f', 'a', 'ma', 'x', 'q', 't', 'st', 'gr')
  if v[1] ~= 'running' or v[2] ~= args[2] then return { 'STALE' } end
  local now, f = time(), v[3]
  local cfg = call('HMGET', ns .. ':fn:' .. f .. ':cfg', 'base', 'cap', 'attempts')
  local attempts = (tonumber(v[4]) or 0) + 1
  leave(ns, f, id)
  call('HSET', inv, 'v', version, 'err', args[4], 'log', args[5], 'a', attempts)
  count(ns, f, 'failed')
  if v[6] then
    cancelled(ns, id, f, now)
    return { 'CANCELLED' }
  end
  local queue = queue_of(ns, v[8])
  local most = queue and queue[3] and tonumber(queue[2]) or tonumber(v[5] or cfg[3]) or 3
  if args[8] == '1' or attempts >= most then
    if queue and queue[3] and move(ns, id, queue[3], now, v[8]) then return { 'DEAD' } end
    die(ns, id, f, args[4], 'RetriesExhausted', now)
    return { 'DEAD' }
  end
  local base, cap = tonumber(cfg[1]) or 1000, tonumber(cfg[2]) or 300000
  -- Full jitter: anything up to the doubled bound, so that what failed together does not come back together.
  local wait = math.floor(random * math.min(cap, base * 2 ^ math.min(attempts - 1, 40)))
  if queue then wait = (tonumber(v[9]) or now) + (tonumber(queue[1]) or 30000) - now end
  wait = math.max(wait, after)
  again(ns, inv, f, id, v[10], now + wait, tonumber(v[7]), now)
  return { 'RETRY', now + wait }
end

-- release: id gen delay -> OK|STALE: it has not begun, or is not to blame; nothing is charged
local function release(ns, args)
  local id, delay = args[1], whole(args[3], YEAR)
  if not delay then return bad('delay takes milliseconds, at most a year') end
  local inv = key_of(ns, id)
  local v = call('HMGET', inv, 's', 'g', 'f', 'q', 'x', 'gr')
  if v[1] ~= 'running' or v[2] ~= args[2] then return 'STALE' end
  local now, f = time(), v[3]
  leave(ns, f, id)
  call('HINCRBY', inv, 'rl', 1)
  if v[5] then
    cancelled(ns, id, f, now)
  else
    again(ns, inv, f, id, v[6], now + delay, tonumber(v[4]), now)
  end
  return 'OK'
end

-- Looks whether the clock can be trusted: gives the time before which no lease ends.
local function guard_of(ns, lease, now)
  local clock = call('HMGET', ns .. ':clock', 'last', 'guard')
  local last, guard = tonumber(clock[1]), tonumber(clock[2]) or 0
  -- Left over from a later time.
  if guard > now + lease then guard = 0 end
  if last and now < last - 1000 then
    -- Time went back: leases would end too late, so they begin anew.
    for _, id in ipairs(call('ZRANGEBYSCORE', ns .. ':leases', int(now + lease), '+inf')) do
      local f = call('HGET', key_of(ns, id), 'f')
      if not f or not pulled(f) then call('ZADD', ns .. ':leases', now + lease, id) end
    end
    guard = now + lease
  elseif last and now - last > lease then
    -- Nobody looked for a lease, or time went forth: owners that live get the time to say so.
    guard = now + lease
  end
  call('HSET', ns .. ':clock', 'last', now, 'guard', guard)
  return guard
end

-- Dead letters whose events have disappeared.
local function forget_dead(ns, limit, now)
  for _, entry in ipairs(call('ZRANGEBYSCORE', ns .. ':dead', '-inf', int(now), 'LIMIT', 0, limit)) do
    local f, id = string.match(entry, '^([^:]*):(.*)$')
    call('ZREM', ns .. ':dead', entry)
    if f then call('ZREM', ns .. ':fn:' .. f .. ':dlq', id) end
  end
end

-- ---- Pull queues ---------------------------------------------------------------------------------------------------

-- Takes an event that waits or was fetched out of its queue, for good; what it was is read before.
local function take_out(ns, id, e, now)
  local fn = ns .. ':fn:' .. e.f
  leave(ns, e.f, id)
  call('ZREM', fn .. ':ready', id)
  call('ZREM', fn .. ':delayed', id)
  call('ZREM', ns .. ':delayed', id)
  next_of_group(ns, e.f, id, e.gr, now)
  if e.k then call('ZREM', ns .. ':key:' .. e.k, id) end
  drop_blob(ns, e.r)
  call('DEL', key_of(ns, id))
end

-- Makes an event of a pull queue one of a topic's subscribers; false, and nothing done, when it cannot be. `from` is the
-- queue that gives it up.
move = function(ns, id, topic, now, from)
  local e = read(ns, id)
  local o = { meta = e.m, type = e.ct, source = e.src, ref = e.r, key = e.k, group = e.gr, hops = e.h,
    event = e.e or id, priority = math.floor(tonumber(e.q) / PRIORITY) }
  local made, fresh = fan_out(ns, topic, e.p or '', o, now)
  if not made or not fresh then return false end
  local times, source = (tonumber(e.rb) or 0) + (tonumber(e.rc) or tonumber(e.a) or 0), from or e.dl
  for i = 1, #made, 2 do
    local moved = key_of(ns, made[i])
    call('HSET', moved, 'at', e.at, 'mv', id)
    if source then call('HSET', moved, 'dl', source) end
    if from then call('HSET', moved, 'rb', times) end
  end
  take_out(ns, id, e, now)
  count(ns, e.f, 'moved')
  return true
end

-- What waits in a pull queue is handed over when functions are subscribed; what is too old is a dead letter.
local function look_after_queues(ns, limit, now)
  for _, name in ipairs(call('SMEMBERS', ns .. ':queues')) do
    local f = PULL .. name
    local has_subs = call('EXISTS', ns .. ':topic:' .. name .. ':subs') == 1
    for _ = 1, has_subs and limit or 10 do
      local id = call('ZRANGE', ns .. ':fn:' .. f .. ':ready', 0, 0)[1]
      if not id then break end
      local ex = tonumber(call('HGET', key_of(ns, id), 'ex')) or 0
      if ex <= now then
        call('ZREM', ns .. ':fn:' .. f .. ':ready', id)
        die(ns, id, f, '{"code":"expired","detail":"nobody fetched it in time"}', 'EventAgeExceeded', now)
      elseif not has_subs or not move(ns, id, name, now) then
        break
      end
    end
  end
end

-- What may be said of a pull queue. Times are milliseconds.
local QUEUE = {
  visibility = is_within(0, VISIBILITY),
  delay = is_within(0, 900000),
  maxAge = is_within(60000, 1209600000),
  wait = is_within(0, 20000),
  size = is_within(1024, PAYLOAD),
  maxReceive = is_within(1, 1000),
  target = is_pull,
  contentDedup = is_within(0, 1),
  -- Whether keys of deduplication count for a group, and whether AWS would bound the rate of each group.
  byGroup = is_within(0, 1),
  rateByGroup = is_within(0, 1),
  tags = is_short(16384),
}

-- Those of them that are no when nothing is said.
local FLAGS = { contentDedup = true, byGroup = true, rateByGroup = true }

-- queue_set: name create|set [option value]... -> OK|SAME|DIFFERS|NONE: what is not said stays; an empty value takes
-- away what may be missing
local function queue_set(ns, args)
  local name, how = args[1], args[2]
  if not is_pull(name) then return bad('that is not a name of a queue') end
  if how ~= 'create' and how ~= 'set' then return bad('create or set') end
  local o, flaw = options_of(QUEUE, args, 3)
  if not o then return bad(flaw) end
  local f = PULL .. name
  local cfg = ns .. ':fn:' .. f .. ':cfg'
  local now, known = time(), call('SISMEMBER', ns .. ':queues', name) == 1
  if how == 'create' and known then
    for option, value in pairs(o) do
      local is = call('HGET', cfg, option) or (FLAGS[option] and '0')
      if option ~= 'tags' and is ~= value then return 'DIFFERS' end
    end
    return 'SAME'
  end
  if how == 'set' and not known then return 'NONE' end
  if not known then
    call('DEL', cfg)
    call('HSET', cfg, 'known', '1', 'visibility', 30000, 'delay', 0, 'maxAge', 345600000, 'wait', 0, 'size', PAYLOAD,
      'keep', 0, 'attempts', 1000, 'created', now, 'era', call('INCR', ns .. ':seq'))
    call('SADD', ns .. ':queues', name)
    call('SADD', ns .. ':functions', f)
    call('SADD', ns .. ':fn:' .. f .. ':topics', name)
  end
  for i = 3, #args, 2 do
    local option = args[i]
    if args[i + 1] == '' and (option == 'target' or option == 'maxReceive' or option == 'tags') then
      call('HDEL', cfg, option)
    end
  end
  for option, value in pairs(o) do call('HSET', cfg, option, value) end
  call('HSET', cfg, 'modified', now)
  return 'OK'
end

-- queue_get: name -> {functions subscribed, is a queue, ready, delayed, waiting, running, field, value, ...}
local function queue_get(ns, args)
  local name = args[1]
  local own = PULL .. name
  local subs, found = call('SMEMBERS', ns .. ':topic:' .. name .. ':subs'), { 0, 0, 0, 0, 0, 0 }
  found[1], found[2] = #subs, call('SISMEMBER', ns .. ':queues', name)
  if found[2] == 1 then subs[#subs + 1] = own end
  for _, f in ipairs(subs) do
    local fn = ns .. ':fn:' .. f
    found[3] = found[3] + call('ZCARD', fn .. ':ready')
    found[4] = found[4] + call('ZCARD', fn .. ':delayed')
    found[5] = found[5] + call('ZCARD', fn .. ':waiting') + call('ZCARD', fn .. ':parked')
    found[6] = found[6] + call('SCARD', fn .. ':running')
  end
  if found[2] == 1 then
    for _, v in ipairs(call('HGETALL', ns .. ':fn:' .. own .. ':cfg')) do found[#found + 1] = v end
  end
  return found
end

-- queue_list: -> {name, ...}: pull queues, and topics that have subscribers and a name that a queue may have
local function queue_list(ns)
  local seen, names = {}, {}
  local function add(name)
    if not seen[name] and is_pull(name) then
      seen[name] = true
      names[#names + 1] = name
    end
  end
  for _, name in ipairs(call('SMEMBERS', ns .. ':queues')) do add(name) end
  for _, f in ipairs(call('SMEMBERS', ns .. ':functions')) do
    if not pulled(f) then
      for _, topic in ipairs(call('SMEMBERS', ns .. ':fn:' .. f .. ':topics')) do add(topic) end
    end
  end
  table.sort(names)
  return names
end

-- queue_empty: name most drop -> number of messages left, fetched ones too; with drop the empty queue is removed
local function queue_empty(ns, args)
  local name, most, drops = args[1], whole(args[2], BATCH), args[3] == '1'
  if not is_pull(name) then return bad('that is not a name of a queue') end
  if not most or most == 0 then return bad('1 to ' .. BATCH .. ' at once') end
  local now, fn, left = time(), ns .. ':fn:' .. PULL .. name, most
  -- What is gone must not be taken for the repetition of what comes.
  if call('EXISTS', fn .. ':cfg') == 1 then call('HSET', fn .. ':cfg', 'era', call('INCR', ns .. ':seq')) end
  for _, part in ipairs({ 'ready', 'delayed', 'waiting', 'running', 'dlq' }) do
    local ids = {}
    if left > 0 and part == 'running' then
      ids = call('SSCAN', fn .. ':running', 0, 'COUNT', left)[2]
    elseif left > 0 and (drops or part ~= 'dlq') then
      ids = call('ZRANGE', fn .. ':' .. part, 0, left - 1)
    end
    for _, id in ipairs(ids) do
      local e = read(ns, id)
      if part == 'dlq' then
        call('ZREM', ns .. ':dead', PULL .. name .. ':' .. id)
        if e and e.r then call('ZREM', ns .. ':blobs:due', e.r .. ':' .. id) end
      end
      if part ~= 'running' then call('ZREM', fn .. ':' .. part, id) end
      if e then
        take_out(ns, id, e, now)
        if part ~= 'dlq' then count(ns, e.f, 'purged') end
      end
      left = left - 1
    end
  end
  local rest = call('ZCARD', fn .. ':ready') + call('ZCARD', fn .. ':delayed') + call('ZCARD', fn .. ':waiting') +
    call('SCARD', fn .. ':running') + (drops and call('ZCARD', fn .. ':dlq') or 0)
  if drops and rest == 0 then
    call('SREM', ns .. ':queues', name)
    call('SREM', ns .. ':functions', PULL .. name)
    for _, part in ipairs({ 'cfg', 'n', 'done', 'ended', 'topics' }) do call('DEL', fn .. ':' .. part) end
  end
  return rest
end

-- A message that was fetched as often as its queue allows: to the queue that is named for it, else a dead letter.
local function give_up(ns, id, f, target, now)
  if target and target ~= pulled(f) and move(ns, id, target, now, pulled(f)) then return end
  die(ns, id, f, '{"code":"received_too_often","detail":"it was fetched as often as its queue allows and not deleted"}',
    'RetriesExhausted', now)
end

-- Whether leases may end: not while somebody may have been kept from prolonging his, see `guard_of`.
local function may_end_leases(ns, now)
  return now >= (tonumber(call('HGET', ns .. ':clock', 'guard')) or 0)
end

-- What time has changed in a pull queue, without waiting for the next tick: leases that are over and delays.
local function bring_up_to_date(ns, f, now)
  if may_end_leases(ns, now) then end_leases(ns, BATCH, now, true) end
  local delayed = ns .. ':fn:' .. f .. ':delayed'
  for _, id in ipairs(call('ZRANGEBYSCORE', delayed, '-inf', int(now), 'LIMIT', 0, 100)) do
    call('ZREM', delayed, id)
    call('ZREM', ns .. ':delayed', id)
    local q = call('HGET', key_of(ns, id), 'q')
    if q then
      call('HSET', key_of(ns, id), 's', 'queued')
      make_ready(ns, f, id, tonumber(q))
    end
  end
end

-- Fetches one message that waits; gives it as `receive` does, or nil when it can not be fetched any more.
local function fetch(ns, f, id, cfg, till, now)
  local fn, inv = ns .. ':fn:' .. f, key_of(ns, id)
  local v = call('HMGET', inv, 'ex', 'rc', 'fr', 'at', 'p', 'r', 'm', 'e', 'gr', 'k', 'q', 'ct', 'g', 'dl', 'rb')
  local times, limit = (tonumber(v[2]) or 0) + 1, tonumber(cfg[2])
  call('ZREM', fn .. ':ready', id)
  if not v[1] then return nil end
  if tonumber(v[1]) <= now then
    die(ns, id, f, '{"code":"expired","detail":"nobody fetched it in time"}', 'EventAgeExceeded', now)
    return nil
  end
  if limit and times > limit then
    give_up(ns, id, f, cfg[3], now)
    return nil
  end
  local gen = (tonumber(v[13]) or 0) + 1
  if v[9] then call('ZREM', fn .. ':waiting', id) end
  call('HSET', inv, 's', 'running', 'o', 'sqs', 'st', int(now), 'g', gen, 'rc', times, 'fr', v[3] or int(now))
  call('ZADD', ns .. ':leases', till, id)
  call('SADD', fn .. ':running', id)
  return { id, gen, times + (tonumber(v[15]) or 0), tonumber(v[3]) or now, tonumber(v[4]), v[5] or '', v[6] or '', v[7] or '', v[8] or id,
    v[9] or '', v[10] or '', tonumber(v[11]) % PRIORITY, v[12] or '', v[14] or '' }
end

-- receive: name most visibility|'' -> {{id, gen, times, first fetched, sent, payload, ref, meta, event, group, key,
-- sequence, type, queue that gave it up}, ...}: of a group as many as there are
local function receive(ns, args)
  local name, most, visible = args[1], whole(args[2], 10), whole(args[3], VISIBILITY)
  if not is_pull(name) then return bad('that is not a name of a queue') end
  if not most or most == 0 then return bad('1 to 10 at once') end
  if not visible and args[3] ~= '' then return bad('the visibility is a number of milliseconds up to 12 hours') end
  local f, now = PULL .. name, time()
  local ready = ns .. ':fn:' .. f .. ':ready'
  bring_up_to_date(ns, f, now)
  if call('EXISTS', ready) == 0 then return {} end
  local cfg = call('HMGET', ns .. ':fn:' .. f .. ':cfg', 'visibility', 'maxReceive', 'target')
  local till = int(now + (visible or tonumber(cfg[1]) or 30000))
  local taken, seen = {}, 0
  while #taken < most and seen < most + 100 do
    local id = call('ZRANGE', ready, 0, 0)[1]
    if not id then break end
    seen = seen + 1
    local group = call('HGET', key_of(ns, id), 'gr')
    local behind = followers(ns, f, id, group, most - #taken - 1)
    local message = fetch(ns, f, id, cfg, till, now)
    -- Without the first one the next of its group is ready now.
    if not message then behind = {} end
    taken[#taken + 1] = message
    for _, other in ipairs(behind) do
      if (tonumber(call('HGET', key_of(ns, other), 'nb')) or 0) > now then break end
      taken[#taken + 1] = fetch(ns, f, other, cfg, till, now)
    end
  end
  return taken
end

-- unfetch: name [id gen]... -> number of them: what was fetched for somebody who has gone is where it was
local function unfetch(ns, args)
  local f, now, n = PULL .. args[1], time(), 0
  if #args % 2 == 0 then return bad('each id needs its generation') end
  for i = 2, #args, 2 do
    local id = args[i]
    local inv = key_of(ns, id)
    local v = call('HMGET', inv, 'f', 's', 'g', 'q', 'gr', 'rc', 'x')
    if v[1] == f and v[2] == 'running' and v[3] == args[i + 1] then
      leave(ns, f, id)
      if v[7] then
        cancelled(ns, id, f, now)
      else
        if v[6] == '1' then call('HDEL', inv, 'rc', 'fr') else call('HINCRBY', inv, 'rc', -1) end
        again(ns, inv, f, id, v[5], now, tonumber(v[4]), now)
      end
      n = n + 1
    end
  end
  return n
end

-- Whether the queue is one whose handles end with the time that they were given for.
local function is_fifo(name)
  return sub(name, -5) == '.fifo'
end

-- delete: name id gen -> OK | GONE it had ended | STALE somebody fetched it since, or its time in a FIFO queue is over
local function delete(ns, args)
  local f, id, now = PULL .. args[1], args[2], time()
  if is_fifo(args[1]) then bring_up_to_date(ns, f, now) end
  local inv = key_of(ns, id)
  local v = call('HMGET', inv, 'f', 's', 'g', 'gr', 'r', 'k')
  if v[1] ~= f or (v[2] ~= 'running' and v[2] ~= 'queued' and v[2] ~= 'delayed') then return 'GONE' end
  if v[3] ~= args[3] or (v[2] ~= 'running' and is_fifo(args[1])) then return 'STALE' end
  leave(ns, f, id)
  call('ZREM', ns .. ':fn:' .. f .. ':ready', id)
  call('HSET', inv, 's', 'succeeded', 'en', int(now), 'gone', '1')
  call('HDEL', inv, 'p', 'r', 'm')
  drop_blob(ns, v[5])
  count(ns, f, 'succeeded')
  settle(ns, f, inv, id, now + MINUTE)
  ended(ns, id, f, v[4], v[6], now + MINUTE, now)
  return 'OK'
end

-- visibility: name id gen milliseconds -> OK | GONE it ended | FREE it was given back | STALE somebody fetched it since,
-- or its time in a FIFO queue is over
local function visibility(ns, args)
  local f, id, span, now = PULL .. args[1], args[2], whole(args[4], VISIBILITY), time()
  if not span then return bad('the visibility is a number of milliseconds up to 12 hours') end
  if is_fifo(args[1]) then bring_up_to_date(ns, f, now) end
  local inv = key_of(ns, id)
  local v = call('HMGET', inv, 'f', 's', 'g', 'q', 'gr', 'back')
  if v[1] ~= f then return 'GONE' end
  if v[3] ~= args[3] then return 'STALE' end
  if v[2] ~= 'running' then
    if v[2] ~= 'queued' then return 'GONE' end
    if v[6] == v[3] then return 'FREE' end
    if is_fifo(args[1]) then return 'STALE' end
    -- His time was over, but nobody has fetched it since.
    if span == 0 then return 'OK' end
    call('ZREM', ns .. ':fn:' .. f .. ':ready', id)
    call('ZREM', ns .. ':fn:' .. f .. ':waiting', id)
    call('HSET', inv, 's', 'running', 'st', int(now))
    call('SADD', ns .. ':fn:' .. f .. ':running', id)
  end
  if span == 0 then
    leave(ns, f, id)
    call('HSET', inv, 'back', v[3])
    give_back(ns, inv, f, id, v[5], tonumber(v[4]), now)
  else
    call('ZADD', ns .. ':leases', now + span, id)
  end
  return 'OK'
end

-- When the next delay is over, or the time of a fetched message; -1 when nothing waits for its time.
local function next_due(ns, guard)
  local first = call('ZRANGE', ns .. ':delayed', 0, 0, 'WITHSCORES')
  local due = tonumber(first[2]) or -1
  local lease = call('ZRANGE', ns .. ':leases', 0, 0, 'WITHSCORES')
  local f = lease[1] and call('HGET', key_of(ns, lease[1]), 'f')
  if f and pulled(f) then
    local over = math.max(tonumber(lease[2]), guard)
    if due < 0 or over < due then due = over end
  end
  return due
end

-- Functions that one tick looks through for events that have waited too long, and how many of each priority.
local LOOKED, OLDEST = 250, 20

-- Ends what is older than its greatest age and still waits: nobody may claim it, for the function takes nothing or all
-- its workers are busy. The first of a priority are the oldest. What is parked, or would be, does not age.
local function end_aged_of(ns, f, most, now)
  local fn = ns .. ':fn:' .. f
  local ready, n = fn .. ':ready', 0
  local size = call('ZCARD', ready)
  if size == 0 then return 0 end
  local off = call('EXISTS', fn .. ':off') == 1
  -- Few are looked through in one go, whatever their priority.
  local few = size <= OLDEST
  for priority = 0, few and 0 or 9 do
    local low = int(priority * PRIORITY)
    local high = few and '+inf' or '(' .. int((priority + 1) * PRIORITY)
    local gone
    repeat
      gone = 0
      for _, id in ipairs(call('ZRANGEBYSCORE', ready, low, high, 'LIMIT', 0, OLDEST)) do
        local v = call('HMGET', key_of(ns, id), 'ex', 'pk', 't')
        if v[1] and tonumber(v[1]) <= now and not v[2] and
          not (off and v[3] and call('SISMEMBER', fn .. ':off', v[3]) == 1) then
          call('ZREM', ready, id)
          die(ns, id, f, '{"code":"expired","detail":"it waited longer than its greatest age"}', 'EventAgeExceeded', now)
          gone = gone + 1
        end
      end
      n = n + gone
    until gone < OLDEST or n >= most
  end
  return n
end

-- A tick looks through some of the functions; the next one goes on behind them.
local function end_aged(ns, limit, now)
  local at = call('HGET', ns .. ':clock', 'aged') or '0'
  local found = call('SSCAN', ns .. ':functions', at, 'COUNT', LOOKED)
  if found[1] ~= at then call('HSET', ns .. ':clock', 'aged', found[1]) end
  local left = limit
  for _, f in ipairs(found[2]) do
    if not pulled(f) and left > 0 then left = left - end_aged_of(ns, f, left, now) end
  end
end

-- tick: limit lease -> {moved, crashed, poisoned, next due or -1, now}
local function tick(ns, args)
  local limit, lease = whole(args[1], 10000), whole(args[2], YEAR)
  if not limit or not lease or lease == 0 then return bad('a limit of at most 10000 and the milliseconds of a lease') end
  local now = time()
  local guard = guard_of(ns, lease, now)
  local moved, crashed, poisoned = 0, 0, 0
  for _, id in ipairs(call('ZRANGEBYSCORE', ns .. ':delayed', '-inf', int(now), 'LIMIT', 0, limit)) do
    local inv = key_of(ns, id)
    local v = call('HMGET', inv, 'f', 's', 'q')
    call('ZREM', ns .. ':delayed', id)
    if v[1] then
      call('ZREM', ns .. ':fn:' .. v[1] .. ':delayed', id)
      if v[2] == 'delayed' then
        call('HSET', inv, 's', 'queued')
        make_ready(ns, v[1], id, tonumber(v[3]))
        moved = moved + 1
      end
    end
  end
  if now >= guard then crashed, poisoned = end_leases(ns, limit, now, false) end
  forget_dead(ns, limit, now)
  look_after_queues(ns, limit, now)
  end_aged(ns, limit, now)
  return { moved, crashed, poisoned, next_due(ns, guard), now }
end

-- adopt: prefix owner -> number: events of earlier boots of this controller, which cannot run any more
local function adopt(ns, args)
  local prefix, owner = args[1], args[2]
  if prefix == '' or owner == '' then return bad('the prefix and the owner have at least one character') end
  local now, n = time(), 0
  for _, id in ipairs(call('ZRANGE', ns .. ':leases', 0, -1)) do
    local o = call('HGET', key_of(ns, id), 'o')
    if not o or (o ~= owner and sub(o, 1, #prefix) == prefix) then
      if crash(ns, id, now, 'its controller ended') then n = n + 1 end
    end
  end
  return n
end

-- ---- What people ask for -------------------------------------------------------------------------------------------

local function cancel_one(ns, id)
  local inv = key_of(ns, id)
  local v = call('HMGET', inv, 's', 'f')
  if not v[1] then return 'NONE' end
  if v[1] == 'running' then
    call('HSET', inv, 'x', '1')
    call('PUBLISH', ns .. ':wake', '!' .. id)
    return 'CANCELLING'
  end
  if v[1] ~= 'queued' and v[1] ~= 'delayed' then return 'ENDED' end
  call('ZREM', ns .. ':fn:' .. v[2] .. ':ready', id)
  call('ZREM', ns .. ':fn:' .. v[2] .. ':parked', id)
  call('ZREM', ns .. ':fn:' .. v[2] .. ':delayed', id)
  call('ZREM', ns .. ':delayed', id)
  cancelled(ns, id, v[2], time())
  return 'CANCELLED'
end

-- cancel: id -> CANCELLED|CANCELLING|ENDED|NONE
local function cancel(ns, args)
  return cancel_one(ns, args[1])
end

-- get: id -> all fields and values; empty when there is none
local function get(ns, args)
  local flat = call('HGETALL', key_of(ns, args[1]))
  local f, has
  for i = 1, #flat, 2 do
    if flat[i] == 'f' then f = flat[i + 1] end
    if flat[i] == 'ma' then has = true end
  end
  if f and not has then
    flat[#flat + 1] = 'ma'
    flat[#flat + 1] = call('HGET', ns .. ':fn:' .. f .. ':cfg', 'attempts') or '3'
  end
  return flat
end

local BRIEF = { 'f', 's', 'at', 'st', 'en', 'nb', 'ex', 'a', 'c', 'v', 't', 'e', 'k', 'gr', 'src', 'err', 'q', 'rp',
  'sc', 'ct', 'x', 'flt', 'ma' }

-- The ids that may be in a state, and how many of the first that are have still to be skipped.
local function candidates(fn, state, offset, most)
  local last = offset + most - 1
  if state == 'delayed' then return call('ZRANGE', fn .. ':delayed', offset, last), 0 end
  if state == 'dead' then return call('ZRANGE', fn .. ':dlq', offset, last, 'REV'), 0 end
  local ids = {}
  local function add(more)
    for _, id in ipairs(more) do ids[#ids + 1] = id end
  end
  if state == 'queued' then
    for _, part in ipairs({ ':ready', ':waiting', ':parked' }) do
      local n = call('ZCARD', fn .. part)
      if last >= 0 then add(call('ZRANGE', fn .. part, math.max(0, offset), last)) end
      offset, last = offset - n, last - n
    end
    return ids, 0
  end
  if state == 'running' or state == '' then
    add(call('SMEMBERS', fn .. ':running'))
    table.sort(ids)
  end
  if state == '' then
    add(call('ZRANGE', fn .. ':ready', 0, last))
    add(call('ZRANGE', fn .. ':waiting', 0, last))
    add(call('ZRANGE', fn .. ':parked', 0, last))
    add(call('ZRANGE', fn .. ':delayed', 0, last))
  end
  if state ~= 'running' then add(call('LRANGE', fn .. ':done', 0, -1)) end
  return ids, offset
end

local STATES = { [''] = true, queued = true, delayed = true, running = true, succeeded = true, dead = true,
  cancelled = true }

-- list: function state|'' most offset -> {{id, field, value, ...}, ...}
local function list(ns, args)
  local f, state, most, offset = args[1], args[2], whole(args[3], BATCH), whole(args[4] or '0', 1e6)
  if not is_queue(f) then return bad('that is not a name of a function') end
  if not STATES[state] then return bad('that is not a state') end
  if not most or not offset then return bad('at most ' .. BATCH .. ' events at once, from an offset on') end
  if most == 0 then return {} end
  local fn = ns .. ':fn:' .. f
  local attempts = call('HGET', fn .. ':cfg', 'attempts') or '3'
  local ids, skip = candidates(fn, state, offset, most)
  local found, seen = {}, {}
  for _, id in ipairs(ids) do
    if #found >= most then break end
    local v = not seen[id] and call('HMGET', key_of(ns, id), unpack(BRIEF))
    seen[id] = true
    if v and v[1] and (state == '' or v[2] == state) then
      if skip > 0 then
        skip = skip - 1
      else
        local entry = { id }
        v[#BRIEF] = v[#BRIEF] or attempts
        for i, name in ipairs(BRIEF) do
          if v[i] then
            entry[#entry + 1] = name
            entry[#entry + 1] = v[i]
          end
        end
        found[#found + 1] = entry
      end
    end
  end
  return found
end

-- The dead letters that are meant by: function most since ['ids' id...]; nil and why when nothing can be.
local function dead_ones(ns, args)
  local f, most, since = args[1], whole(args[2], BATCH), whole(args[3], 9007199254740991)
  if not is_queue(f) then return nil, 'that is not a name of a function' end
  if not most or not since then return nil, 'at most ' .. BATCH .. ' at once, since a time in milliseconds' end
  if args[4] == 'ids' then
    local ids = {}
    if #args - 4 > BATCH then return nil, 'at most ' .. BATCH .. ' at once' end
    for i = 5, #args do ids[#ids + 1] = args[i] end
    return ids
  end
  if args[4] then return nil, 'ids come after the word ids' end
  return call('ZRANGEBYSCORE', ns .. ':fn:' .. f .. ':dlq', int(since), '+inf', 'LIMIT', 0, most)
end

-- Removes an ended event and all that points to it.
local function remove(ns, id)
  local inv = key_of(ns, id)
  local v = call('HMGET', inv, 'f', 'r', 'rr', 'k', 't', 'e', 'gr')
  local f = v[1]
  if not f then return 0 end
  call('ZREM', ns .. ':fn:' .. f .. ':dlq', id)
  call('ZREM', ns .. ':dead', f .. ':' .. id)
  for i = 2, 3 do
    if v[i] then
      call('ZREM', ns .. ':blobs:due', v[i] .. ':' .. id)
      drop_blob(ns, v[i])
    end
  end
  if v[4] then
    call('ZREM', ns .. ':key:' .. v[4], id)
    local function forget(name, what)
      local known = call('GET', name)
      if known and string.match(known, '^[^|]*|(.*)$') == what then call('DEL', name) end
      local entries = call('HGETALL', scoped(name))
      for i = 1, #entries, 2 do
        if string.match(entries[i + 1], '^[^|]*|[^|]*|%d+|(.*)$') == what then call('HDEL', scoped(name), entries[i]) end
      end
    end
    forget(ns .. ':idem:fn:' .. f .. ':' .. v[4], id)
    if v[5] then forget(topic_key(ns, v[5], v[4], v[7]), v[6] or id) end
  end
  call('LREM', ns .. ':fn:' .. f .. ':done', 0, id)
  call('DEL', inv)
  return 1
end

-- A record that could not go where it should is tried again; it stays when it still cannot.
local function reroute(ns, id, target, now)
  local e = read(ns, id)
  local o = { hops = '0', type = e.ct, source = 'destination', key = e.k }
  if route(ns, target, uuid(salt(ns) .. id .. '>again'), e.p or '', o, now) then return false end
  remove(ns, id)
  return true
end

-- redrive: function most since ['ids' id...] -> {redriven, left}
local function redrive(ns, args)
  local ids, flaw = dead_ones(ns, args)
  if not ids then return bad(flaw) end
  local f, now, n = args[1], time(), 0
  local fn = ns .. ':fn:' .. f
  local age = tonumber(call('HGET', fn .. ':cfg', 'maxAge')) or (f == DELIVERY and DAY) or 21600000
  for _, id in ipairs(ids) do
    local inv = key_of(ns, id)
    local v = call('HMGET', inv, 's', 'q', 'r', 'gr', 'f', 'k', 'm')
    if v[1] == 'dead' and v[5] == f then
      if f == DELIVERY and v[7] and not find(v[7], '^url[+:]') and not find(v[7], '^cloudevent[+:]') then
        if reroute(ns, id, v[7], now) then n = n + 1 end
      else
        call('PERSIST', inv)
        call('ZREM', fn .. ':dlq', id)
        call('ZREM', ns .. ':dead', f .. ':' .. id)
        if v[3] then call('ZREM', ns .. ':blobs:due', v[3] .. ':' .. id) end
        key_begins(ns, v[6], id)
        call('HDEL', inv, 'en', 'nb', 'x', 'rc', 'fr')
        call('HSET', inv, 'a', '0', 'c', '0', 'ex', now + age)
        call('HINCRBY', inv, 'rd', 1)
        count(ns, f, 'redriven')
        if v[4] and call('RPUSH', fn .. ':g:' .. v[4], id) > 1 then
          call('HSET', inv, 's', 'queued')
          call('ZADD', fn .. ':waiting', tonumber(v[2]) % PRIORITY, id)
        else
          schedule(ns, inv, f, id, now, tonumber(v[2]), now)
        end
        n = n + 1
      end
    end
  end
  return { n, call('ZCARD', fn .. ':dlq') }
end

-- purge: function most since ['ids' id...] -> {purged, left}
local function purge(ns, args)
  local ids, flaw = dead_ones(ns, args)
  if not ids then return bad(flaw) end
  local dlq, n = ns .. ':fn:' .. args[1] .. ':dlq', 0
  for _, id in ipairs(ids) do
    if call('ZREM', dlq, id) == 1 then n = n + remove(ns, id) end
  end
  return { n, call('ZCARD', dlq) }
end

-- erase: key|id what -> {erased, running}: running ones are cancelled; ask again when they have ended
local function erase(ns, args)
  local by_key, what = args[1] == 'key', args[2]
  if not by_key and args[1] ~= 'id' then return bad('erase by key or by id') end
  local ids = { what }
  if by_key then ids = call('ZRANGE', ns .. ':key:' .. what, 0, -1) end
  local n, running = 0, 0
  for _, id in ipairs(ids) do
    local said = cancel_one(ns, id)
    if said == 'CANCELLING' then
      running = running + 1
    elseif said ~= 'NONE' then
      n = n + remove(ns, id)
    end
  end
  if by_key and running == 0 then
    call('DEL', ns .. ':key:' .. what)
    -- Keys may outlive the events that came with them.
    for _, f in ipairs(call('SMEMBERS', ns .. ':functions')) do
      call('DEL', ns .. ':idem:fn:' .. f .. ':' .. what, ns .. ':idems:fn:' .. f .. ':' .. what)
      for _, topic in ipairs(call('SMEMBERS', ns .. ':fn:' .. f .. ':topics')) do
        local name = topic_key(ns, topic, what)
        call('DEL', ns .. ':idem:topic:' .. topic .. ':' .. what, ns .. ':idems:topic:' .. topic .. ':' .. what, name,
          scoped(name))
      end
    end
  end
  return { n, running }
end

-- replay: id newId -> {OK, function} | {SAME} | {NONE} | {GONE}: the same event once more, as an event of its own
local function replay(ns, args)
  local id = args[2]
  if not is_id(id) then return bad('the new id is not a UUID in small letters') end
  if call('EXISTS', key_of(ns, id)) == 1 then return { 'SAME' } end
  local e = read(ns, args[1])
  if not e then return { 'NONE' } end
  if e.gone then return { 'GONE' } end
  local limits = limits_of(ns, e.f)
  if is_full(ns, e.f, limits) then return full(e.f) end
  local o = { meta = e.m, type = e.ct, topic = e.t, source = 'replay', ref = e.r, replay = args[1], schedule = e.sc,
    key = e.k, group = e.gr, hops = e.h, attempts = e.ma, qualifier = e.ql, priority = math.floor(tonumber(e.q) / PRIORITY) }
  if e.f == DELIVERY then o.maxAge = int(DAY) end
  new_event(ns, id, e.f, e.p or '', o, time(), limits)
  return { 'OK', e.f }
end

-- stats: [function]... -> {{function, ready, delayed, waiting, running, dead, oldest or -1, counter, value, ...}, ...}
local function stats(ns, args)
  local names = args
  if #args == 0 then
    names = call('SMEMBERS', ns .. ':functions')
    table.sort(names)
  end
  for _, f in ipairs(names) do
    if not is_queue(f) then return bad('that is not a name of a function') end
  end
  local now, found = time(), {}
  for _, f in ipairs(names) do
    local fn = ns .. ':fn:' .. f
    local first = call('ZRANGE', fn .. ':ready', 0, 0)
    local oldest = first[1] and call('HGET', key_of(ns, first[1]), 'at')
    local entry = { f, call('ZCARD', fn .. ':ready'), call('ZCARD', fn .. ':delayed'),
      call('ZCARD', fn .. ':waiting') + call('ZCARD', fn .. ':parked'), call('SCARD', fn .. ':running'), call('ZCARD', fn .. ':dlq'),
      oldest and math.max(0, now - tonumber(oldest)) or -1 }
    for _, v in ipairs(call('HGETALL', fn .. ':n')) do entry[#entry + 1] = v end
    found[#found + 1] = entry
  end
  return found
end

-- totals: -> 'waiting running dead accepted queues', five numbers over all functions
local function totals(ns)
  local waiting, running, dead, accepted = 0, 0, 0, 0
  for _, f in ipairs(call('SMEMBERS', ns .. ':functions')) do
    local fn = ns .. ':fn:' .. f
    waiting = waiting + call('ZCARD', fn .. ':ready') + call('ZCARD', fn .. ':delayed') + call('ZCARD', fn .. ':waiting') +
      call('ZCARD', fn .. ':parked')
    running = running + call('SCARD', fn .. ':running')
    dead = dead + call('ZCARD', fn .. ':dlq')
    accepted = accepted + (tonumber(call('HGET', fn .. ':n', 'accepted')) or 0)
  end
  return format('%d %d %d %d %d', waiting, running, dead, accepted, call('SCARD', ns .. ':queues'))
end

-- ---- Room ----------------------------------------------------------------------------------------------------------

-- What Redis has of memory, and may have; nil when it does not say, 0 when it has no limit.
local function memory()
  local info = redis.pcall('INFO', 'memory')
  if type(info) ~= 'string' then return nil, nil end
  return tonumber(string.match(info, '\nused_memory:(%d+)')), tonumber(string.match(info, '\nmaxmemory:(%d+)'))
end

-- Removes an ended event that is no dead letter. Its idempotency key stays: what was run is not run again.
local function let_go(ns, id)
  local inv = key_of(ns, id)
  local v = call('HMGET', inv, 's', 'r', 'rr', 'k')
  if v[1] ~= 'succeeded' and v[1] ~= 'cancelled' then return 0 end
  for i = 2, 3 do
    if v[i] then
      call('ZREM', ns .. ':blobs:due', v[i] .. ':' .. id)
      drop_blob(ns, v[i])
    end
  end
  if v[4] then call('ZREM', ns .. ':key:' .. v[4], id) end
  call('DEL', inv)
  return 1
end

-- The function whose event ended first, of those that have any; each remembers when its first one did.
local function oldest_of(heads)
  local found
  for f, at in pairs(heads) do
    if not found or at < heads[found] then found = f end
  end
  return found
end

-- When the first of a function's ended events ended; nil when there is none. Those that have disappeared are dropped.
local function head_of(ns, list)
  while true do
    local id = call('LINDEX', list, 0)
    if not id then return nil end
    local at = call('HGET', key_of(ns, id), 'en')
    if at then return tonumber(at) end
    call('LPOP', list)
  end
end

-- give_way: most -> {removed, bytes used, bytes at most}: ended events go, oldest first, as long as they are too many
local function give_way(ns, args)
  local most = whole(args[1], BATCH)
  if not most then return bad('at most ' .. BATCH .. ' at once') end
  local used, limit = memory()
  if not used or not limit or limit == 0 then return { 0, used or 0, limit or 0 } end
  local removed, heads, list = 0, nil, nil
  while removed < most and used > limit * SHARE do
    if not heads then
      heads = {}
      for _, f in ipairs(call('SMEMBERS', ns .. ':functions')) do heads[f] = head_of(ns, ns .. ':fn:' .. f .. ':ended') end
    end
    local f = oldest_of(heads)
    if not f then break end
    list = ns .. ':fn:' .. f .. ':ended'
    for _, id in ipairs(call('LPOP', list, math.min(50, most - removed)) or {}) do removed = removed + let_go(ns, id) end
    heads[f] = head_of(ns, list)
    used = memory()
  end
  return { removed, used, limit }
end

-- ---- Settings, schedules, files ------------------------------------------------------------------------------------

-- Makes the parked events ready: the fewer go to the more, so that many take no longer than few.
local function unpark(fn)
  local few, many = fn .. ':ready', fn .. ':parked'
  if call('ZCARD', few) > call('ZCARD', many) then few, many = many, few end
  for first = 0, call('ZCARD', few) - 1, BATCH do
    local moved = { 'ZADD', many }
    local flat = call('ZRANGE', few, first, first + BATCH - 1, 'WITHSCORES')
    for i = 1, #flat, 2 do
      moved[i + 2] = flat[i + 1]
      moved[i + 3] = flat[i]
    end
    call(unpack(moved))
  end
  call('DEL', few)
  if many ~= fn .. ':ready' then call('RENAME', many, fn .. ':ready') end
end

-- configure: function topics [topic]... [option value]... -> OK
local function configure(ns, args)
  local f, n = args[1], whole(args[2], BATCH)
  if not is_function(f) then return bad('that is not a name of a function') end
  if not n or #args < 2 + n then return bad('the number of topics and as many topics') end
  local wanted = {}
  for i = 3, 2 + n do
    if not is_topic(args[i]) then return bad('that is not a name of a topic') end
    wanted[args[i]] = true
  end
  local o, flaw = options_of(SETTINGS, args, 3 + n)
  if not o then return bad(flaw) end
  if not o.rateCount ~= not o.ratePer then return bad('a rate is a number of events and a span of time') end
  local fn = ns .. ':fn:' .. f
  for _, topic in ipairs(call('SMEMBERS', fn .. ':topics')) do
    if not wanted[topic] then
      call('SREM', ns .. ':topic:' .. topic .. ':subs', f)
      call('SREM', fn .. ':topics', topic)
    end
  end
  for topic in pairs(wanted) do
    call('SADD', ns .. ':topic:' .. topic .. ':subs', f)
    call('SADD', fn .. ':topics', topic)
  end
  call('DEL', fn .. ':off', fn .. ':together')
  for topic in string.gmatch(o.off or '', '%S+') do call('SADD', fn .. ':off', topic) end
  for topic, most in string.gmatch(o.together or '', '([^%s=]+)=(%d+)') do
    call('HSET', fn .. ':together', topic, most)
  end
  o.off, o.together = nil, nil
  -- Those that still have to wait are found again when they are to be claimed.
  if call('EXISTS', fn .. ':parked') == 1 then
    unpark(fn)
    call('PUBLISH', ns .. ':wake', f)
  end
  local fields = { 'HSET', fn .. ':cfg', 'known', '1' }
  for name, value in pairs(o) do
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
  call('DEL', fn .. ':cfg')
  call(unpack(fields))
  call('SADD', ns .. ':functions', f)
  return 'OK'
end

-- withdraw: function -> OK: it is gone; its events stay until it comes back or they are purged
local function withdraw(ns, args)
  local f = args[1]
  if not is_function(f) then return bad('that is not a name of a function') end
  local name = ns .. ':fn:' .. f .. ':topics'
  for _, topic in ipairs(call('SMEMBERS', name)) do call('SREM', ns .. ':topic:' .. topic .. ':subs', f) end
  call('DEL', name)
  return 'OK'
end

-- topics: -> {{function, topic, ...}, ...}
local function topics(ns)
  local names, found = call('SMEMBERS', ns .. ':functions'), {}
  table.sort(names)
  for _, f in ipairs(names) do
    local entry = call('SMEMBERS', ns .. ':fn:' .. f .. ':topics')
    table.sort(entry)
    table.insert(entry, 1, f)
    found[#found + 1] = entry
  end
  return found
end

-- The ranges of ticks that were dealt with, as `first-last` with blanks between them. A range has no gap, since each
-- tick names the one before it: so it is known of each tick whether it was dealt with, wherever the clock has been.
local RANGES = 16

local function has_run(ran, at)
  for first, last in string.gmatch(ran, '(%d+)-(%d+)') do
    if at >= tonumber(first) and at <= tonumber(last) then return true end
  end
  return false
end

local function with_run(ran, at, after)
  local kept = {}
  local from, to = at, at
  for first, last in string.gmatch(ran, '(%d+)-(%d+)') do
    first, last = tonumber(first), tonumber(last)
    if last == after then from = first else kept[#kept + 1] = int(first) .. '-' .. int(last) end
  end
  -- The one that was changed last is the last.
  kept[#kept + 1] = int(from) .. '-' .. int(to)
  while #kept > RANGES do table.remove(kept, 1) end
  return table.concat(kept, ' ')
end

-- The last tick; when it lies ahead the clock has been set back since, and the schedule goes on from now.
local function last_tick(last, now)
  last = tonumber(last)
  return last and last > now + SKEW and now or last
end

-- cron: name tick function payload overlap spec [option value]... -> {FIRED, id} | {OLD, last} | {SKIPPED, id or ''} |
-- {EARLY, now}: the caller's clock is ahead
local function cron(ns, args)
  local name, at, f, payload, overlap = args[1], whole(args[2], 9007199254740991), args[3], args[4], args[5]
  if name == '' or not is_text(name, 128) or not is_text(args[6], 512) then return bad('name and spec are short texts') end
  if not at then return bad('the tick is no time in milliseconds') end
  if not is_function(f) then return bad('that is not a name of a function') end
  if #payload > PAYLOAD then return bad('the payload has more than 1 MiB') end
  if overlap ~= 'allow' and overlap ~= 'skip' and overlap ~= 'replace' then return bad('overlap: allow, skip or replace') end
  local o, flaw = options_of(OPTIONS, args, 7)
  if not o then return bad(flaw) end
  local key, now = ns .. ':cron:' .. name, time()
  if at > now + AHEAD then return { 'EARLY', now } end
  local v = call('HMGET', key, 'last', 'id', 'spec', 'ran')
  local same = v[3] == args[6]
  local last = same and last_tick(v[1], now)
  -- A clock that was set back to just before the tick: `last` is now, and the tick is still to come.
  if last and last >= at and last == tonumber(v[1]) then return { 'OLD', last } end
  local ran = same and v[4] or ''
  call('HSET', key, 'last', int(at), 'spec', args[6], 'function', f)
  if has_run(ran, at) then return { 'OLD', at } end
  call('HSET', key, 'ran', with_run(ran, at, tonumber(o.after)))
  o.after = nil
  local id = uuid(salt(ns) .. 'cron:' .. name .. ':' .. int(at))
  if call('EXISTS', key_of(ns, id)) == 1 then return { 'OLD', at } end
  if v[2] and overlap ~= 'allow' then
    local state = call('HGET', key_of(ns, v[2]), 's')
    if state == 'queued' or state == 'running' or state == 'delayed' then
      if overlap == 'skip' then
        call('HINCRBY', key, 'skipped', 1)
        return { 'SKIPPED', v[2] }
      end
      cancel_one(ns, v[2])
    end
  end
  local limits = limits_of(ns, f)
  if is_full(ns, f, limits) then
    call('HINCRBY', key, 'skipped', 1)
    return { 'SKIPPED', '' }
  end
  o.event = 'cron:' .. name .. ':' .. int(at)
  o.source = 'schedule'
  o.schedule = name
  new_event(ns, id, f, payload, o, now, limits)
  call('HSET', key, 'id', id, 'firedAt', now)
  call('HINCRBY', key, 'fired', 1)
  return { 'FIRED', id }
end

-- cron_state: [name spec]... -> {{last or -1, now, fired, skipped, last id}, ...}; another spec begins anew at now
local function cron_state(ns, args)
  if #args % 2 == 1 then return bad('each name needs its spec') end
  for i = 1, #args, 2 do
    if args[i] == '' or not is_text(args[i], 128) or not is_text(args[i + 1], 512) then
      return bad('name and spec are short texts')
    end
  end
  local now, found = time(), {}
  for i = 1, #args, 2 do
    local key = ns .. ':cron:' .. args[i]
    local v = call('HMGET', key, 'last', 'spec', 'fired', 'skipped', 'id')
    if v[2] ~= args[i + 1] then
      call('HSET', key, 'spec', args[i + 1], 'last', int(now))
      call('HDEL', key, 'ran')
      v[1] = now
    elseif last_tick(v[1], now) ~= tonumber(v[1]) then
      call('HSET', key, 'last', int(now))
      v[1] = now
    end
    found[#found + 1] = { tonumber(v[1]) or -1, now, tonumber(v[3]) or 0, tonumber(v[4]) or 0, v[5] or '' }
  end
  return found
end

-- blobs: most -> {ref, ...}: content files that nothing refers to any more
local function blobs(ns, args)
  local most = whole(args[1], BATCH)
  if not most then return bad('at most ' .. BATCH .. ' at once') end
  local now = time()
  for _, entry in ipairs(call('ZRANGEBYSCORE', ns .. ':blobs:due', '-inf', int(now), 'LIMIT', 0, most)) do
    call('ZREM', ns .. ':blobs:due', entry)
    drop_blob(ns, sub(entry, 1, 32))
  end
  if most == 0 then return {} end
  return call('LPOP', ns .. ':blobs:gone', most) or {}
end

-- blob_known: [ref]... -> {0|1, ...}
local function blob_known(ns, args)
  local found = {}
  for i, ref in ipairs(args) do found[i] = call('EXISTS', ns .. ':blob:' .. ref) end
  return found
end

-- The last one that was looked at and is one.
local namespace = ''

-- Each function gets a namespace that is one and at least so many arguments, or is not called.
local function register(name, least, callback, flags)
  redis.register_function({
    function_name = 'glo_' .. name,
    callback = function(keys, args)
      if not call then
        call, find, sub, format, byte = redis.call, string.find, string.sub, string.format, string.byte
      end
      local ns = keys[1]
      if ns ~= namespace or keys[2] then
        if not ns or keys[2] or #ns > 46 or not find(ns, '^glo:{[a-z0-9-]+}$') then
          return bad('the one key is glo:{NAMESPACE} with at most 40 characters of a-z, 0-9 and -')
        end
        namespace = ns
      end
      if #args < least then return bad('glo_' .. name .. ' takes at least ' .. least .. ' arguments') end
      return callback(ns, args)
    end,
    flags = flags,
  })
end

-- A full Redis refuses new events and goes on with those that it has.
local DRAINS, READS = { 'allow-oom' }, { 'no-writes' }
register('enqueue', 3, enqueue, {})
register('publish', 2, publish, {})
register('replay', 2, replay, {})
register('cron', 6, cron, {})
register('claim', 2, claim, DRAINS)
register('extend', 2, extend, DRAINS)
register('complete', 6, complete, DRAINS)
register('fail', 8, fail, DRAINS)
register('release', 3, release, DRAINS)
register('tick', 2, tick, DRAINS)
register('give_way', 1, give_way, DRAINS)
register('totals', 0, totals, READS)
register('adopt', 2, adopt, DRAINS)
register('cancel', 1, cancel, DRAINS)
register('redrive', 3, redrive, DRAINS)
register('purge', 3, purge, DRAINS)
register('erase', 2, erase, DRAINS)
register('configure', 2, configure, DRAINS)
register('withdraw', 1, withdraw, DRAINS)
register('filter', 2, filter, DRAINS)
register('queue_set', 2, queue_set, DRAINS)
register('queue_empty', 3, queue_empty, DRAINS)
register('receive', 3, receive, DRAINS)
register('unfetch', 1, unfetch, DRAINS)
register('delete', 3, delete, DRAINS)
register('visibility', 4, visibility, DRAINS)
register('queue_get', 1, queue_get, READS)
register('queue_list', 0, queue_list, READS)
register('cron_state', 0, cron_state, DRAINS)
register('blobs', 1, blobs, DRAINS)
register('get', 1, get, READS)
register('list', 3, list, READS)
register('stats', 0, stats, READS)
register('topics', 0, topics, READS)
register('blob_known', 0, blob_known, READS)
redis.register_function({ function_name = 'glo_version', callback = function() return VERSION end, flags = READS })
