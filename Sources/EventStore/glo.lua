#!lua name=glo
-- Glo's events in Redis: a lease state machine in which nothing that was accepted is ever lost.
--
-- Every function takes one key, the namespace `glo:{NAME}`; all other keys are built from it and so share its hash
-- slot. Times are milliseconds of Redis' own clock. States of an event:
--
--   queued -> running -> succeeded | delayed -> queued | dead | cancelled
--
-- `running` is owned by whoever holds the present `gen` (fencing): claim counts it up, and complete, fail, extend and
-- release with another number are answered STALE. A live event never has a time to live; a terminal one always has.
--
-- Keys behind the namespace:
--   inv:<id>          HASH   one event for one function; its fields are listed at `new_event`
--   fn:<f>:ready      ZSET   waiting, by priority * 2^40 + sequence
--   fn:<f>:delayed    ZSET   the function's part of `delayed`
--   fn:<f>:running    SET    claimed and not ended
--   fn:<f>:dlq        ZSET   dead letters by their end
--   fn:<f>:done       LIST   the last ended ones, newest first
--   fn:<f>:cfg        HASH   settings of the function
--   fn:<f>:n          HASH   counters
--   fn:<f>:topics     SET    the topics that it is subscribed to
--   fn:<f>:g:<group>  LIST   events of one group; only the first is ready, delayed or running
--   functions         SET    all names that have or had events
--   topic:<t>:subs    SET    the functions that get the topic's events
--   delayed, leases   ZSET   by due time, by the lease's end
--   idem:<scope>:<k>  STRING id and body hash of an idempotency key
--   key:<k>           SET    the events of a key, for erasure
--   cron:<name>       HASH   last tick and its event
--   blob:<ref>        STRING events that refer to a content file; blobs:gone LIST, blobs:due ZSET: to be removed
--   clock             HASH   of the last tick
--   wake, done        channels: hints that a function has work, that an event ended
local VERSION = 1
local PRIORITY = 2 ^ 40
local POISON = 5
local HOPS = 16
local DONE = 1000
local IDEMPOTENCY = 86400000
local DELIVERY = '@deliver'


local function time()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- A number as digits: tostring would write 1.7e+12.
local function int(n)
  return string.format('%.0f', n)
end

local function pairs_of(args, first)
  local options = {}
  for i = first, #args - 1, 2 do options[args[i]] = args[i + 1] end
  return options
end

local function uuid(text)
  local h = redis.sha1hex(text)
  local y = ({ '8', '9', 'a', 'b' })[tonumber(string.sub(h, 17, 17), 16) % 4 + 1]
  return string.sub(h, 1, 8) .. '-' .. string.sub(h, 9, 12) .. '-5' .. string.sub(h, 14, 16) .. '-' .. y ..
    string.sub(h, 18, 20) .. '-' .. string.sub(h, 21, 32)
end

-- Derived ids must not be guessable by who knows what they are derived from.
local function salt(ns)
  local s = redis.call('GET', ns .. ':salt')
  if not s then
    local t = redis.call('TIME')
    s = redis.sha1hex(t[1] .. t[2] .. tostring({}) .. (redis.call('INCR', ns .. ':seq')))
    redis.call('SET', ns .. ':salt', s)
  end
  return s
end

local function count(ns, f, name, n)
  redis.call('HINCRBY', ns .. ':fn:' .. f .. ':n', name, n or 1)
end

local function wake(ns, f)
  redis.call('PUBLISH', ns .. ':wake', f)
end

local function key_of(ns, id)
  return ns .. ':inv:' .. id
end

-- ---- Content files -------------------------------------------------------------------------------------------------

local function drop_blob(ns, ref)
  if not ref or ref == '' then return end
  if redis.call('DECR', ns .. ':blob:' .. ref) <= 0 then
    redis.call('DEL', ns .. ':blob:' .. ref)
    redis.call('RPUSH', ns .. ':blobs:gone', ref)
  end
end

-- A terminal event disappears by itself; the file that it refers to has to follow it.
local function drop_blob_later(ns, ref, at)
  if not ref or ref == '' then return end
  redis.call('ZADD', ns .. ':blobs:due', at, ref)
end

-- ---- Moving between the queues -------------------------------------------------------------------------------------

local function make_ready(ns, f, id, score)
  local ready = ns .. ':fn:' .. f .. ':ready'
  local was_empty = redis.call('ZCARD', ready) == 0
  redis.call('ZADD', ready, score, id)
  if was_empty then wake(ns, f) end
end

local function make_delayed(ns, f, id, due)
  redis.call('ZADD', ns .. ':delayed', due, id)
  redis.call('ZADD', ns .. ':fn:' .. f .. ':delayed', due, id)
end

local function schedule(ns, inv, f, id, due, score, now)
  if due > now then
    redis.call('HSET', inv, 's', 'delayed', 'nb', int(due))
    make_delayed(ns, f, id, due)
  else
    redis.call('HSET', inv, 's', 'queued')
    make_ready(ns, f, id, score)
  end
end

-- The first of a group is over: the next one may go.
local function next_of_group(ns, f, id, group, now)
  if not group or group == '' then return end
  local list = ns .. ':fn:' .. f .. ':g:' .. group
  local is_head = redis.call('LINDEX', list, 0) == id
  redis.call('LREM', list, 1, id)
  if not is_head then return end
  local following = redis.call('LINDEX', list, 0)
  if not following then return end
  local inv = key_of(ns, following)
  local v = redis.call('HMGET', inv, 'nb', 'q')
  if not v[2] then return end
  schedule(ns, inv, f, following, tonumber(v[1]) or 0, tonumber(v[2]), now)
end

-- Creates an event. Fields of its hash: f function, s state, p payload or r its file, m request head as JSON,
-- ct content type, pr priority, q score, at accepted, nb not before, ex expires, a attempts, ma at most, c crashes,
-- g gen, o owner, st started, en ended, v version, t topic, e event id, k key, gr group, cb callback, src source,
-- h hops, rp replay of, sc schedule, res result or rr its file, rm result head, err last error, log log lines,
-- x cancel wanted.
local function new_event(ns, id, f, payload, o, now)
  local inv = key_of(ns, id)
  local cfg = redis.call('HMGET', ns .. ':fn:' .. f .. ':cfg', 'attempts', 'maxAge', 'queue', 'priority')
  local ready = ns .. ':fn:' .. f .. ':ready'
  if cfg[3] and tonumber(cfg[3]) > 0 and redis.call('ZCARD', ready) >= tonumber(cfg[3]) then return 'FULL' end
  local due = tonumber(o.at) or (now + (tonumber(o.delay) or 0))
  local age = tonumber(o.maxAge) or tonumber(cfg[2]) or 21600000
  local priority = tonumber(o.priority) or tonumber(cfg[4]) or 5
  local score = priority * PRIORITY + redis.call('INCR', ns .. ':seq')
  local fields = { 'f', f, 's', 'queued', 'q', int(score), 'at', int(now), 'ex', int(math.max(due, now) + age),
    'a', '0', 'ma', o.attempts or cfg[1] or '3', 'c', '0', 'g', '0', 'e', o.event or id, 'src', o.source or 'client' }
  local n = #fields
  local function put(name, value)
    if value and value ~= '' then
      fields[n + 1] = name
      fields[n + 2] = value
      n = n + 2
    end
  end
  put('p', payload)
  put('r', o.ref)
  put('m', o.meta)
  put('ct', o.type)
  put('t', o.topic)
  put('k', o.key)
  put('gr', o.group)
  put('cb', o.callback)
  put('h', o.hops)
  put('rp', o.replay)
  put('sc', o.schedule)
  redis.call('HSET', inv, unpack(fields))
  if o.ref and o.ref ~= '' then redis.call('INCR', ns .. ':blob:' .. o.ref) end
  if o.key and o.key ~= '' then
    redis.call('SADD', ns .. ':key:' .. o.key, id)
    -- Until the last of them can have disappeared: due, at its oldest, then two weeks and a day as a dead letter.
    local last = int(math.max(due - now, 0) + age + 30 * 86400000)
    if redis.call('PEXPIRE', ns .. ':key:' .. o.key, last, 'NX') == 0 then
      redis.call('PEXPIRE', ns .. ':key:' .. o.key, last, 'GT')
    end
  end
  count(ns, f, 'accepted')
  if not cfg[1] then redis.call('SADD', ns .. ':functions', f) end
  if o.group and o.group ~= '' then
    local list = ns .. ':fn:' .. f .. ':g:' .. o.group
    if redis.call('RPUSH', list, id) > 1 then
      if due > now then redis.call('HSET', inv, 'nb', int(due)) end
      return 'OK'
    end
  end
  if due > now then
    redis.call('HSET', inv, 's', 'delayed', 'nb', int(due))
    make_delayed(ns, f, id, due)
  else
    make_ready(ns, f, id, score)
  end
  return 'OK'
end

-- Creates one event for each subscriber; an id that exists is left alone. Gives the ids, or nil and why.
local function fan_out(ns, topic, payload, o, now)
  local subs = redis.call('SMEMBERS', ns .. ':topic:' .. topic .. ':subs')
  if #subs == 0 then return nil, 'NOTOPIC' end
  table.sort(subs)
  for _, f in ipairs(subs) do
    local cfg = redis.call('HGET', ns .. ':fn:' .. f .. ':cfg', 'queue')
    local limit = tonumber(cfg or '0') or 0
    if limit > 0 and redis.call('ZCARD', ns .. ':fn:' .. f .. ':ready') >= limit then return nil, 'FULL', f end
  end
  o.topic = topic
  local s = salt(ns)
  local made = {}
  for _, f in ipairs(subs) do
    local id = uuid(s .. o.event .. ':' .. f)
    if redis.call('EXISTS', key_of(ns, id)) == 0 then new_event(ns, id, f, payload, o, now) end
    made[#made + 1] = id
    made[#made + 1] = f
  end
  return made
end

-- ---- Ends ----------------------------------------------------------------------------------------------------------

local function json(text)
  if not text or text == '' then return 'null' end
  if pcall(cjson.decode, text) then return text end
  return cjson.encode(text)
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

-- The record of an ended event, in the shape of Lambda's destinations.
local function record(id, e, condition, now)
  local failed = condition ~= 'Success'
  local arn = 'arn:aws:lambda:eu-north-1:000000000000:function:' .. e.f .. ':' .. ((e.v and e.v ~= '') and e.v or '$LATEST')
  local response = failed and json(e.err) or json(e.res)
  return '{"version":"1.0","timestamp":"' .. stamp(now) .. '","requestContext":{"requestId":"' .. id ..
    '","functionArn":"' .. arn .. '","condition":"' .. condition .. '","approximateInvokeCount":' ..
    int((tonumber(e.a) or 0) + (tonumber(e.c) or 0)) .. '},"requestPayload":' .. json(e.p) ..
    ',"responseContext":{"statusCode":200,"executedVersion":"' .. ((e.v and e.v ~= '') and e.v or '$LATEST') .. '"' ..
    (failed and ',"functionError":"Unhandled"' or '') .. '},"responsePayload":' .. response .. '}'
end

local function deliver(ns, target, body, id, e, now)
  local hops = (tonumber(e.h) or 0) + 1
  local kind, name = string.match(target, '^(%a+):(.*)$')
  local event = uuid(salt(ns) .. id .. '>' .. target)
  if redis.call('EXISTS', key_of(ns, event)) == 1 then return end
  local o = { event = event, hops = int(hops), type = 'application/json', source = 'destination' }
  local trouble = nil
  if hops > HOPS then
    trouble = '{"code":"too_many_hops","detail":"the event went through ' .. HOPS .. ' destinations"}'
  elseif kind == 'topic' then
    local made = fan_out(ns, name, body, o, now)
    if not made then trouble = '{"code":"topic_not_found","detail":"nobody takes the topic"}' end
  elseif kind == 'function' then
    new_event(ns, event, name, body, o, now)
  else
    o.meta = target
    o.attempts = '12'
    o.maxAge = '86400000'
    new_event(ns, event, DELIVERY, body, o, now)
  end
  if trouble then
    o.meta = target
    o.topic = nil
    new_event(ns, event, DELIVERY, body, o, now)
    local inv = key_of(ns, event)
    redis.call('ZREM', ns .. ':fn:' .. DELIVERY .. ':ready', event)
    redis.call('HSET', inv, 's', 'dead', 'en', int(now), 'err', trouble)
    redis.call('PEXPIRE', inv, 1209600000)
    redis.call('ZADD', ns .. ':fn:' .. DELIVERY .. ':dlq', now, event)
    count(ns, DELIVERY, 'dead')
  end
end

local function read(ns, id)
  local flat = redis.call('HGETALL', key_of(ns, id))
  if #flat == 0 then return nil end
  local e = {}
  for i = 1, #flat, 2 do e[flat[i]] = flat[i + 1] end
  return e
end

local function destinations(ns, id, target, e, condition, now)
  local hook = e.cb
  if (not target or target == '') and (not hook or hook == '') then return end
  local body = record(id, e, condition, now)
  if target and target ~= '' then deliver(ns, target, body, id, e, now) end
  if hook and hook ~= '' then deliver(ns, 'url:' .. hook, body, id, e, now) end
end

local function leave(ns, f, id)
  redis.call('SREM', ns .. ':fn:' .. f .. ':running', id)
  redis.call('ZREM', ns .. ':leases', id)
end

local function ended(ns, f, id, group, now)
  local done = ns .. ':fn:' .. f .. ':done'
  redis.call('LPUSH', done, id)
  redis.call('LTRIM', done, 0, DONE - 1)
  next_of_group(ns, f, id, group, now)
  redis.call('PUBLISH', ns .. ':done', id)
end

local function die(ns, id, f, err, condition, now)
  local inv = key_of(ns, id)
  redis.call('HSET', inv, 's', 'dead', 'en', int(now), 'err', err)
  local cfg = redis.call('HMGET', ns .. ':fn:' .. f .. ':cfg', 'keepDead', 'onFailure')
  local keep = tonumber(cfg[1]) or 1209600000
  local e = read(ns, id)
  redis.call('PEXPIRE', inv, int(keep))
  drop_blob_later(ns, e.r, now + keep)
  local dlq = ns .. ':fn:' .. f .. ':dlq'
  redis.call('ZADD', dlq, now, id)
  redis.call('ZREMRANGEBYSCORE', dlq, '-inf', int(now - keep))
  count(ns, f, 'dead')
  destinations(ns, id, cfg[2], e, condition, now)
  ended(ns, f, id, e.gr, now)
end

local function cancelled(ns, id, f, group, now)
  local inv = key_of(ns, id)
  local keep = tonumber(redis.call('HGET', ns .. ':fn:' .. f .. ':cfg', 'keep') or '86400000')
  drop_blob(ns, redis.call('HGET', inv, 'r'))
  redis.call('HDEL', inv, 'p', 'r', 'm')
  redis.call('HSET', inv, 's', 'cancelled', 'en', int(now))
  redis.call('PEXPIRE', inv, int(math.max(keep, 60000)))
  count(ns, f, 'cancelled')
  ended(ns, f, id, group, now)
end

-- A lease ran out or its owner is gone.
local function crash(ns, id, now, why)
  local inv = key_of(ns, id)
  local v = redis.call('HMGET', inv, 'f', 's', 'c', 'q', 'x', 'gr')
  if not v[1] then
    redis.call('ZREM', ns .. ':leases', id)
    return nil
  end
  local f = v[1]
  leave(ns, f, id)
  if v[2] ~= 'running' then return nil end
  local crashes = redis.call('HINCRBY', inv, 'c', 1)
  redis.call('HINCRBY', inv, 'g', 1)
  count(ns, f, 'crashed')
  if v[5] then
    cancelled(ns, id, f, v[6], now)
  elseif crashes >= POISON then
    die(ns, id, f, '{"code":"poison","detail":"its worker or controller was lost ' .. crashes ..
      ' times while it ran (' .. why .. ')"}', 'RetriesExhausted', now)
    return 'poison'
  else
    redis.call('HSET', inv, 's', 'queued')
    make_ready(ns, f, id, tonumber(v[4]))
  end
  return 'again'
end

-- ---- Taking events in ----------------------------------------------------------------------------------------------

local function idempotent(ns, scope, o, id)
  if not o.key or o.key == '' then return nil end
  local name = ns .. ':idem:' .. scope .. ':' .. o.key
  local known = redis.call('GET', name)
  if not known then
    redis.call('SET', name, id .. '|' .. (o.hash or ''), 'PX', IDEMPOTENCY)
    return nil
  end
  local first, hash = string.match(known, '^([^|]*)|(.*)$')
  if hash ~= (o.hash or '') then return 'MISMATCH', first end
  return 'SAME', first
end

local function bad(o)
  local p = tonumber(o.priority)
  if o.priority and (not p or p < 0 or p > 9 or p ~= math.floor(p)) then return 'priority takes 0 to 9' end
  for _, name in ipairs({ 'delay', 'at', 'maxAge' }) do
    local n = tonumber(o[name])
    if o[name] and (not n or n < 0 or n > 9007199254740991) then return name .. ' takes milliseconds' end
  end
  if tonumber(o.delay) and tonumber(o.delay) > 31622400000 then return 'delay takes at most a year' end
  return nil
end

-- enqueue: id function payload [option value]... -> {OK|SAME|MISMATCH, id}
local function enqueue(keys, args)
  local ns = keys[1]
  local id, f, payload = args[1], args[2], args[3]
  local o = pairs_of(args, 4)
  local flaw = bad(o)
  if flaw then return redis.error_reply('BADARG ' .. flaw) end
  if redis.call('EXISTS', key_of(ns, id)) == 1 then return { 'SAME', id } end
  local now = time()
  if o.at and tonumber(o.at) > now + 31622400000 then return redis.error_reply('BADARG at lies more than a year ahead') end
  local known, first = idempotent(ns, f, o, id)
  if known then return { known, first } end
  if new_event(ns, id, f, payload, o, now) == 'FULL' then
    if o.key and o.key ~= '' then redis.call('DEL', ns .. ':idem:' .. f .. ':' .. o.key) end
    return redis.error_reply('QUEUEFULL as many events wait as the function allows')
  end
  return { 'OK', id }
end

-- publish: topic payload [option value]... -> {OK|SAME|MISMATCH, event, id, function, ...}
local function publish(keys, args)
  local ns = keys[1]
  local topic, payload = args[1], args[2]
  local o = pairs_of(args, 3)
  local flaw = bad(o)
  if flaw then return redis.error_reply('BADARG ' .. flaw) end
  local now = time()
  if o.at and tonumber(o.at) > now + 31622400000 then return redis.error_reply('BADARG at lies more than a year ahead') end
  if not o.event or o.event == '' then
    o.event = uuid(salt(ns) .. redis.call('INCR', ns .. ':seq') .. ':' .. now)
  end
  if redis.call('SCARD', ns .. ':topic:' .. topic .. ':subs') == 0 then
    return redis.error_reply('NOTOPIC no function is subscribed to it')
  end
  local known, first = idempotent(ns, 'topic:' .. topic, o, o.event)
  if known then return { known, first } end
  local made, why, f = fan_out(ns, topic, payload, o, now)
  if not made then
    if o.key and o.key ~= '' then redis.call('DEL', ns .. ':idem:topic:' .. topic .. ':' .. o.key) end
    if why == 'FULL' then return redis.error_reply('QUEUEFULL as many events wait as ' .. f .. ' allows') end
    return redis.error_reply('NOTOPIC no function is subscribed to it')
  end
  return { 'OK', o.event, unpack(made) }
end

-- ---- Running them --------------------------------------------------------------------------------------------------

-- How many may be claimed now, by the function's limits of concurrency and rate.
local function allowance(ns, f, wanted, now)
  local cfg = redis.call('HMGET', ns .. ':fn:' .. f .. ':cfg', 'concurrency', 'rateCount', 'ratePer')
  if cfg[1] then wanted = math.min(wanted, tonumber(cfg[1]) - redis.call('SCARD', ns .. ':fn:' .. f .. ':running')) end
  if cfg[2] and wanted > 0 then
    local n = ns .. ':fn:' .. f .. ':n'
    local v = redis.call('HMGET', n, 'tokens', 'tokensAt')
    local limit, per = tonumber(cfg[2]), tonumber(cfg[3])
    local since = math.max(0, now - (tonumber(v[2]) or 0))
    local tokens = math.min(limit, (tonumber(v[1]) or limit) + since * limit / per)
    wanted = math.min(wanted, math.floor(tokens))
    return wanted, tokens
  end
  return wanted, nil
end

-- claim: owner lease [function most]... -> {{id, function, gen, attempt, ...}, ...}
local function claim(keys, args)
  local ns = keys[1]
  local owner, lease = args[1], tonumber(args[2])
  local now = time()
  local taken = {}
  for i = 3, #args - 1, 2 do
    local f = args[i]
    local ready = ns .. ':fn:' .. f .. ':ready'
    if redis.call('EXISTS', ready) == 1 then
      local most, tokens = allowance(ns, f, tonumber(args[i + 1]), now)
      local got = 0
      -- The expired ones among them are ended here and do not count, but bound what one call does.
      for _ = 1, most + 100 do
        if got >= most then break end
        local popped = redis.call('ZPOPMIN', ready)
        local id = popped[1]
        if not id then break end
        local inv = key_of(ns, id)
        local v = redis.call('HMGET', inv, 'ex', 'a', 'c', 'at', 'p', 'r', 'm', 'ct', 't', 'e', 'gr', 'k', 'src', 'h', 'sc', 'ma')
        if v[1] and tonumber(v[1]) <= now then
          die(ns, id, f, '{"code":"expired","detail":"it waited longer than its greatest age"}', 'EventAgeExceeded', now)
        elseif v[1] then
          local gen = redis.call('HINCRBY', inv, 'g', 1)
          redis.call('HSET', inv, 's', 'running', 'o', owner, 'st', int(now))
          redis.call('ZADD', ns .. ':leases', now + lease, id)
          redis.call('SADD', ns .. ':fn:' .. f .. ':running', id)
          got = got + 1
          taken[#taken + 1] = { id, f, gen, tonumber(v[2]) + 1, tonumber(v[3]), tonumber(v[4]), v[5] or '', v[6] or '',
            v[7] or '', v[8] or '', v[9] or '', v[10] or id, v[11] or '', v[12] or '', v[13] or '', v[15] or '',
            tonumber(v[16]) or 3, tonumber(v[1]) }
        end
      end
      if tokens and got > 0 then
        redis.call('HSET', ns .. ':fn:' .. f .. ':n', 'tokens', tostring(tokens - got), 'tokensAt', int(now))
      end
    end
  end
  return taken
end

local function is_current(v, gen)
  return v[1] == 'running' and v[2] == gen
end

-- extend: owner lease [id gen]... -> {id, stale|cancel, ...}: only those that something is to be said of
local function extend(keys, args)
  local ns = keys[1]
  local till = time() + tonumber(args[2])
  local said = {}
  for i = 3, #args - 1, 2 do
    local id = args[i]
    local v = redis.call('HMGET', key_of(ns, id), 's', 'g', 'x')
    if is_current(v, args[i + 1]) then
      redis.call('ZADD', ns .. ':leases', till, id)
      if v[3] then
        said[#said + 1] = id
        said[#said + 1] = 'cancel'
      end
    else
      said[#said + 1] = id
      said[#said + 1] = 'stale'
    end
  end
  return said
end

-- complete: id gen version resultHead result resultRef -> OK|STALE
local function complete(keys, args)
  local ns, id = keys[1], args[1]
  local inv = key_of(ns, id)
  local v = redis.call('HMGET', inv, 's', 'g', 'f', 'gr', 'r', 'cb')
  if not is_current(v, args[2]) then return 'STALE' end
  local now, f = time(), v[3]
  leave(ns, f, id)
  local cfg = redis.call('HMGET', ns .. ':fn:' .. f .. ':cfg', 'keep', 'onSuccess', 'keepPayload')
  local keep = tonumber(cfg[1]) or 86400000
  redis.call('HINCRBY', inv, 'a', 1)
  redis.call('HSET', inv, 's', 'succeeded', 'en', int(now), 'v', args[3])
  if keep > 0 then
    redis.call('HSET', inv, 'rm', args[4], 'res', args[5])
    if args[6] ~= '' then
      redis.call('HSET', inv, 'rr', args[6])
      redis.call('INCR', ns .. ':blob:' .. args[6])
      drop_blob_later(ns, args[6], now + keep)
    end
  end
  if (cfg[2] and cfg[2] ~= '') or v[6] then
    local e = read(ns, id)
    e.res = args[5]
    destinations(ns, id, cfg[2], e, 'Success', now)
  end
  if cfg[3] == '1' then
    drop_blob_later(ns, v[5], now + keep)
  else
    redis.call('HDEL', inv, 'p', 'r', 'm', 'err', 'log')
    drop_blob(ns, v[5])
  end
  count(ns, f, 'succeeded')
  ended(ns, f, id, v[4], now)
  -- A result that nobody is to see is still kept for a minute, for whoever waits for its end.
  redis.call('PEXPIRE', inv, int(math.max(keep, 60000)))
  return 'OK'
end

-- fail: id gen version error log random retryAfter final -> {RETRY, due} | {DEAD} | {CANCELLED} | {STALE}
local function fail(keys, args)
  local ns, id = keys[1], args[1]
  local inv = key_of(ns, id)
  local v = redis.call('HMGET', inv, 's', 'g', 'f', 'gr', 'ma', 'x', 'q', 'ex')
  if not is_current(v, args[2]) then return { 'STALE' } end
  local now, f = time(), v[3]
  leave(ns, f, id)
  local attempts = redis.call('HINCRBY', inv, 'a', 1)
  redis.call('HSET', inv, 'v', args[3], 'err', args[4], 'log', args[5])
  count(ns, f, 'failed')
  if v[6] then
    cancelled(ns, id, f, v[4], now)
    return { 'CANCELLED' }
  end
  if args[8] == '1' or attempts >= tonumber(v[5]) then
    die(ns, id, f, args[4], 'RetriesExhausted', now)
    return { 'DEAD' }
  end
  local cfg = redis.call('HMGET', ns .. ':fn:' .. f .. ':cfg', 'base', 'cap')
  local base, cap = tonumber(cfg[1]) or 1000, tonumber(cfg[2]) or 300000
  -- Full jitter: anything up to the doubled bound, so that what failed together does not come back together.
  local wait = math.floor(tonumber(args[6]) * math.min(cap, base * 2 ^ math.min(attempts - 1, 40)))
  wait = math.max(wait, tonumber(args[7]) or 0)
  schedule(ns, inv, f, id, now + wait, tonumber(v[7]), now)
  return { 'RETRY', now + wait }
end

-- release: id gen delay -> OK|STALE: it has not begun, or is not to blame; nothing is charged
local function release(keys, args)
  local ns, id = keys[1], args[1]
  local inv = key_of(ns, id)
  local v = redis.call('HMGET', inv, 's', 'g', 'f', 'q', 'x', 'gr')
  if not is_current(v, args[2]) then return 'STALE' end
  local now, f = time(), v[3]
  leave(ns, f, id)
  redis.call('HINCRBY', inv, 'rl', 1)
  if v[5] then
    cancelled(ns, id, f, v[6], now)
  else
    schedule(ns, inv, f, id, now + (tonumber(args[3]) or 0), tonumber(v[4]), now)
  end
  return 'OK'
end

-- tick: limit lease -> {moved, crashed, poisoned, next due or -1, now}
local function tick(keys, args)
  local ns, limit, lease = keys[1], tonumber(args[1]), tonumber(args[2])
  local now = time()
  local clock = redis.call('HMGET', ns .. ':clock', 'last', 'guard')
  local last, guard = tonumber(clock[1]), tonumber(clock[2]) or 0
  if last and now < last - 1000 then
    -- Time went back: leases would end too late, so they begin anew.
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', ns .. ':leases', int(now + lease), '+inf')) do
      redis.call('ZADD', ns .. ':leases', now + lease, id)
    end
    guard = now + lease
    redis.call('HSET', ns .. ':clock', 'last', int(now), 'guard', int(guard))
  elseif last and now - last > lease then
    -- Nobody looked for a lease, or time went forth: owners that live get the time to say so.
    guard = now + lease
    redis.call('HSET', ns .. ':clock', 'last', int(now), 'guard', int(guard))
  elseif not last or now - last >= 1000 then
    redis.call('HSET', ns .. ':clock', 'last', int(now))
  end
  local moved, crashed, poisoned = 0, 0, 0
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', ns .. ':delayed', '-inf', int(now), 'LIMIT', 0, limit)) do
    redis.call('ZREM', ns .. ':delayed', id)
    local inv = key_of(ns, id)
    local v = redis.call('HMGET', inv, 'f', 's', 'q')
    if v[1] then
      redis.call('ZREM', ns .. ':fn:' .. v[1] .. ':delayed', id)
      if v[2] == 'delayed' then
        redis.call('HSET', inv, 's', 'queued')
        make_ready(ns, v[1], id, tonumber(v[3]))
        moved = moved + 1
      end
    end
  end
  if now >= guard or guard > now + lease then
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', ns .. ':leases', '-inf', int(now), 'LIMIT', 0, limit)) do
      local what = crash(ns, id, now, 'its lease ran out')
      if what then crashed = crashed + 1 end
      if what == 'poison' then poisoned = poisoned + 1 end
    end
  end
  local first = redis.call('ZRANGE', ns .. ':delayed', 0, 0, 'WITHSCORES')
  return { moved, crashed, poisoned, first[2] and tonumber(first[2]) or -1, now }
end

-- adopt: prefix owner -> number: events of earlier boots of this controller, which cannot run any more
local function adopt(keys, args)
  local ns, prefix, owner = keys[1], args[1], args[2]
  local now, n = time(), 0
  for _, id in ipairs(redis.call('ZRANGE', ns .. ':leases', 0, -1)) do
    local o = redis.call('HGET', key_of(ns, id), 'o')
    if not o or (o ~= owner and string.sub(o, 1, #prefix) == prefix) then
      if crash(ns, id, now, 'its controller ended') then n = n + 1 end
    end
  end
  return n
end

-- ---- What people ask for -------------------------------------------------------------------------------------------

-- cancel: id -> CANCELLED|CANCELLING|ENDED|NONE
local function cancel(keys, args)
  local ns, id = keys[1], args[1]
  local inv = key_of(ns, id)
  local v = redis.call('HMGET', inv, 's', 'f', 'gr')
  if not v[1] then return 'NONE' end
  if v[1] == 'running' then
    redis.call('HSET', inv, 'x', '1')
    redis.call('PUBLISH', ns .. ':wake', '!' .. id)
    return 'CANCELLING'
  end
  if v[1] ~= 'queued' and v[1] ~= 'delayed' then return 'ENDED' end
  local now = time()
  redis.call('ZREM', ns .. ':fn:' .. v[2] .. ':ready', id)
  redis.call('ZREM', ns .. ':fn:' .. v[2] .. ':delayed', id)
  redis.call('ZREM', ns .. ':delayed', id)
  cancelled(ns, id, v[2], v[3], now)
  return 'CANCELLED'
end

local BRIEF = { 'f', 's', 'at', 'st', 'en', 'nb', 'ex', 'a', 'ma', 'c', 'v', 't', 'e', 'k', 'gr', 'src', 'err', 'pr', 'rp', 'sc', 'ct', 'x' }

-- get: id -> all fields and values, the owner's apart; empty when there is none
local function get(keys, args)
  return redis.call('HGETALL', key_of(keys[1], args[1]))
end

-- list: function state most offset -> {{id, field, value, ...}, ...}
local function list(keys, args)
  local ns, f, state = keys[1], args[1], args[2]
  local most, offset = tonumber(args[3]), tonumber(args[4] or '0')
  local fn = ns .. ':fn:' .. f
  local ids = {}
  local function add(more)
    for _, id in ipairs(more) do ids[#ids + 1] = id end
  end
  local last = offset + most - 1
  if state == 'queued' then add(redis.call('ZRANGE', fn .. ':ready', offset, last))
  elseif state == 'delayed' then add(redis.call('ZRANGE', fn .. ':delayed', offset, last))
  elseif state == 'running' then add(redis.call('SMEMBERS', fn .. ':running'))
  elseif state == 'dead' then add(redis.call('ZRANGE', fn .. ':dlq', offset, last, 'REV'))
  elseif state == '' then
    add(redis.call('SMEMBERS', fn .. ':running'))
    add(redis.call('ZRANGE', fn .. ':ready', 0, last))
    add(redis.call('ZRANGE', fn .. ':delayed', 0, last))
    add(redis.call('LRANGE', fn .. ':done', 0, last))
  else add(redis.call('LRANGE', fn .. ':done', 0, -1)) end
  local found, seen = {}, {}
  for _, id in ipairs(ids) do
    if #found >= most then break end
    local v = redis.call('HMGET', key_of(ns, id), unpack(BRIEF))
    if v[1] and not seen[id] and (state == '' or v[2] == state) then
      seen[id] = true
      local entry = { id }
      for i, name in ipairs(BRIEF) do
        if v[i] then
          entry[#entry + 1] = name
          entry[#entry + 1] = v[i]
        end
      end
      found[#found + 1] = entry
    end
  end
  return found
end

local function dead_ones(ns, f, since, most, ids)
  if #ids > 0 then return ids end
  return redis.call('ZRANGEBYSCORE', ns .. ':fn:' .. f .. ':dlq', since == '0' and '-inf' or since, '+inf', 'LIMIT', 0, most)
end

local function rest(args, first)
  local found = {}
  for i = first, #args do found[#found + 1] = args[i] end
  return found
end

-- redrive: function most since [id]... -> {redriven, left}
local function redrive(keys, args)
  local ns, f = keys[1], args[1]
  local dlq = ns .. ':fn:' .. f .. ':dlq'
  local now, n = time(), 0
  local cfg = redis.call('HMGET', ns .. ':fn:' .. f .. ':cfg', 'attempts', 'maxAge')
  for _, id in ipairs(dead_ones(ns, f, args[3], tonumber(args[2]), rest(args, 4))) do
    local inv = key_of(ns, id)
    local v = redis.call('HMGET', inv, 's', 'q', 'r', 'gr', 'f')
    local removed = redis.call('ZREM', dlq, id)
    if v[1] == 'dead' and removed == 1 then
      redis.call('PERSIST', inv)
      redis.call('ZREM', ns .. ':blobs:due', v[3] or '')
      redis.call('HDEL', inv, 'en', 'nb', 'x')
      redis.call('HSET', inv, 'a', '0', 'c', '0', 'ex', int(now + (tonumber(cfg[2]) or 21600000)))
      if cfg[1] and f ~= DELIVERY then redis.call('HSET', inv, 'ma', cfg[1]) end
      redis.call('HINCRBY', inv, 'rd', 1)
      count(ns, f, 'redriven')
      if v[4] and redis.call('RPUSH', ns .. ':fn:' .. f .. ':g:' .. v[4], id) > 1 then
        redis.call('HSET', inv, 's', 'queued')
      else
        schedule(ns, inv, f, id, now, tonumber(v[2]), now)
      end
      n = n + 1
    end
  end
  return { n, redis.call('ZCARD', dlq) }
end

-- Removes an ended event and all that points to it.
local function remove(ns, id)
  local inv = key_of(ns, id)
  local v = redis.call('HMGET', inv, 'f', 'r', 'rr', 'k', 's', 't')
  if not v[1] then return 0 end
  if v[5] == 'dead' then redis.call('ZREM', ns .. ':fn:' .. v[1] .. ':dlq', id) end
  for _, ref in ipairs({ v[2] or '', v[3] or '' }) do
    if ref ~= '' then
      redis.call('ZREM', ns .. ':blobs:due', ref)
      drop_blob(ns, ref)
    end
  end
  if v[4] then
    redis.call('SREM', ns .. ':key:' .. v[4], id)
    redis.call('DEL', ns .. ':idem:' .. v[1] .. ':' .. v[4])
    if v[6] then redis.call('DEL', ns .. ':idem:topic:' .. v[6] .. ':' .. v[4]) end
  end
  redis.call('LREM', ns .. ':fn:' .. v[1] .. ':done', 1, id)
  redis.call('DEL', inv)
  return 1
end

-- purge: function most since [id]... -> {purged, left}
local function purge(keys, args)
  local ns, f = keys[1], args[1]
  local n = 0
  for _, id in ipairs(dead_ones(ns, f, args[3], tonumber(args[2]), rest(args, 4))) do
    if redis.call('ZREM', ns .. ':fn:' .. f .. ':dlq', id) == 1 then
      if remove(ns, id) == 1 then n = n + 1 end
    end
  end
  return { n, redis.call('ZCARD', ns .. ':fn:' .. f .. ':dlq') }
end

-- erase: key|id what -> {erased, running}: running ones are cancelled; ask again when they have ended
local function erase(keys, args)
  local ns = keys[1]
  local ids = { args[2] }
  if args[1] == 'key' then ids = redis.call('SMEMBERS', ns .. ':key:' .. args[2]) end
  local n, running = 0, 0
  for _, id in ipairs(ids) do
    local said = cancel(keys, { id })
    if said == 'CANCELLING' then
      running = running + 1
    elseif said ~= 'NONE' then
      n = n + remove(ns, id)
    end
  end
  if args[1] == 'key' and running == 0 then redis.call('DEL', ns .. ':key:' .. args[2]) end
  return { n, running }
end

-- replay: id newId -> {OK, function} | {NONE} | {GONE}: the same event once more, as an event of its own
local function replay(keys, args)
  local ns = keys[1]
  local e = read(ns, args[1])
  if not e then return { 'NONE' } end
  if not e.p and not e.r and e.s ~= 'dead' then return { 'GONE' } end
  local o = { event = args[2], meta = e.m, type = e.ct, topic = e.t, source = 'replay', ref = e.r, replay = args[1], schedule = e.sc }
  if new_event(ns, args[2], e.f, e.p or '', o, time()) == 'FULL' then
    return redis.error_reply('QUEUEFULL as many events wait as the function allows')
  end
  return { 'OK', e.f }
end

-- stats: -> {{function, ready, delayed, running, dead, oldest, counter, value, ...}, ...}
local function stats(keys, args)
  local ns = keys[1]
  local names = rest(args, 1)
  if #names == 0 then names = redis.call('SMEMBERS', ns .. ':functions') end
  table.sort(names)
  local now, found = time(), {}
  for _, f in ipairs(names) do
    local fn = ns .. ':fn:' .. f
    local first = redis.call('ZRANGE', fn .. ':ready', 0, 0)
    local oldest = first[1] and redis.call('HGET', key_of(ns, first[1]), 'at')
    local entry = { f, redis.call('ZCARD', fn .. ':ready'), redis.call('ZCARD', fn .. ':delayed'), redis.call('SCARD', fn .. ':running'),
      redis.call('ZCARD', fn .. ':dlq'), oldest and math.max(0, now - tonumber(oldest)) or -1 }
    for _, v in ipairs(redis.call('HGETALL', fn .. ':n')) do entry[#entry + 1] = v end
    found[#found + 1] = entry
  end
  return found
end

-- ---- Settings, schedules, files ------------------------------------------------------------------------------------

-- configure: function topics [topic]... [option value]... -> OK
local function configure(keys, args)
  local ns, f, n = keys[1], args[1], tonumber(args[2])
  local fn = ns .. ':fn:' .. f
  local wanted = {}
  for i = 3, 2 + n do wanted[args[i]] = true end
  for _, topic in ipairs(redis.call('SMEMBERS', fn .. ':topics')) do
    if not wanted[topic] then
      redis.call('SREM', ns .. ':topic:' .. topic .. ':subs', f)
      redis.call('SREM', fn .. ':topics', topic)
    end
  end
  for topic in pairs(wanted) do
    redis.call('SADD', ns .. ':topic:' .. topic .. ':subs', f)
    redis.call('SADD', fn .. ':topics', topic)
  end
  redis.call('DEL', fn .. ':cfg')
  redis.call('HSET', fn .. ':cfg', 'known', '1', unpack(rest(args, 3 + n)))
  redis.call('SADD', ns .. ':functions', f)
  return 'OK'
end

-- withdraw: function -> OK: it is gone; its events stay until it comes back or they are purged
local function withdraw(keys, args)
  local ns, f = keys[1], args[1]
  local fn = ns .. ':fn:' .. f
  for _, topic in ipairs(redis.call('SMEMBERS', fn .. ':topics')) do redis.call('SREM', ns .. ':topic:' .. topic .. ':subs', f) end
  redis.call('DEL', fn .. ':topics')
  return 'OK'
end

-- topics: -> {{function, topic, ...}, ...}
local function topics(keys)
  local ns, found = keys[1], {}
  for _, f in ipairs(redis.call('SMEMBERS', ns .. ':functions')) do
    local entry = { f }
    for _, topic in ipairs(redis.call('SMEMBERS', ns .. ':fn:' .. f .. ':topics')) do entry[#entry + 1] = topic end
    found[#found + 1] = entry
  end
  return found
end

-- cron: name tick function payload overlap spec [option value]... -> {FIRED, id} | {OLD, last} | {SKIPPED, id}
local function cron(keys, args)
  local ns, name, at, f, payload, overlap = keys[1], args[1], tonumber(args[2]), args[3], args[4], args[5]
  local key = ns .. ':cron:' .. name
  local v = redis.call('HMGET', key, 'last', 'id', 'spec')
  if v[3] == args[6] and v[1] and tonumber(v[1]) >= at then return { 'OLD', tonumber(v[1]) } end
  local o = pairs_of(args, 7)
  local now = time()
  local id = uuid(salt(ns) .. 'cron:' .. name .. ':' .. int(at))
  redis.call('HSET', key, 'last', int(at), 'spec', args[6], 'function', f)
  if redis.call('EXISTS', key_of(ns, id)) == 1 then return { 'OLD', at } end
  if v[2] and overlap ~= 'allow' then
    local state = redis.call('HGET', key_of(ns, v[2]), 's')
    if state == 'queued' or state == 'running' or state == 'delayed' then
      if overlap == 'skip' then
        redis.call('HINCRBY', key, 'skipped', 1)
        return { 'SKIPPED', v[2] }
      end
      cancel(keys, { v[2] })
    end
  end
  o.event = 'cron:' .. name .. ':' .. int(at)
  o.source = 'schedule'
  o.schedule = name
  if new_event(ns, id, f, payload, o, now) == 'FULL' then
    redis.call('HINCRBY', key, 'skipped', 1)
    return { 'SKIPPED', '' }
  end
  redis.call('HSET', key, 'id', id, 'firedAt', int(now))
  redis.call('HINCRBY', key, 'fired', 1)
  return { 'FIRED', id }
end

-- cron_state: [name spec]... -> {{last or -1, now, fired, skipped, last id}, ...}; another spec begins anew at now
local function cron_state(keys, args)
  local ns, now, found = keys[1], time(), {}
  for i = 1, #args - 1, 2 do
    local key = ns .. ':cron:' .. args[i]
    local v = redis.call('HMGET', key, 'last', 'spec', 'fired', 'skipped', 'id')
    if v[2] ~= args[i + 1] then
      redis.call('DEL', key)
      redis.call('HSET', key, 'spec', args[i + 1], 'last', int(now))
      v = { int(now) }
    end
    found[#found + 1] = { tonumber(v[1]) or -1, now, tonumber(v[3]) or 0, tonumber(v[4]) or 0, v[5] or '' }
  end
  return found
end

-- blobs: most -> {ref, ...}: content files that nothing refers to any more
local function blobs(keys, args)
  local ns, most, now = keys[1], tonumber(args[1]), time()
  for _, ref in ipairs(redis.call('ZRANGEBYSCORE', ns .. ':blobs:due', '-inf', int(now), 'LIMIT', 0, most)) do
    redis.call('ZREM', ns .. ':blobs:due', ref)
    drop_blob(ns, ref)
  end
  return redis.call('LPOP', ns .. ':blobs:gone', most) or {}
end

-- blob_known: [ref]... -> {0|1, ...}
local function blob_known(keys, args)
  local found = {}
  for i, ref in ipairs(args) do found[i] = redis.call('EXISTS', keys[1] .. ':blob:' .. ref) end
  return found
end

-- A full Redis refuses new events and goes on with those that it has.
local function register(name, callback, flags)
  redis.register_function({ function_name = 'glo_' .. name, callback = callback, flags = flags })
end

local DRAINS, READS = { 'allow-oom' }, { 'no-writes' }
register('enqueue', enqueue, {})
register('publish', publish, {})
register('replay', replay, {})
register('cron', cron, {})
register('claim', claim, DRAINS)
register('extend', extend, DRAINS)
register('complete', complete, DRAINS)
register('fail', fail, DRAINS)
register('release', release, DRAINS)
register('tick', tick, DRAINS)
register('adopt', adopt, DRAINS)
register('cancel', cancel, DRAINS)
register('redrive', redrive, DRAINS)
register('purge', purge, DRAINS)
register('erase', erase, DRAINS)
register('configure', configure, DRAINS)
register('withdraw', withdraw, DRAINS)
register('cron_state', cron_state, DRAINS)
register('blobs', blobs, DRAINS)
register('version', function() return VERSION end, READS)
register('get', get, READS)
register('list', list, READS)
register('stats', stats, READS)
register('topics', topics, READS)
register('blob_known', blob_known, READS)
