-- POSTs events with `Prefer: respond-async`. Arguments: bytes of a body, and how many to send (0: until time is up).
-- When so many were accepted, or as many refused, it says so in a line and stops; those in flight still arrive.
dofile((debug.getinfo(1, 'S').source:match('^@(.*)/') or '.') .. '/wrk_report.lua')

local wanted, accepted, refused = 0, 0, 0

local function count(status)
    if status == 202 then accepted = accepted + 1 else refused = refused + 1 end
    if accepted == wanted or refused == wanted then
        io.write(string.format('COUNTED {"accepted":%d,"refused":%d,"last_status":%d}\n', accepted, refused, status))
        io.flush()
        wrk.thread:stop()
    end
end

function init(arguments)
    wrk.method = 'POST'
    wrk.headers['Content-Type'] = 'application/json'
    wrk.headers['Prefer'] = 'respond-async'
    wrk.body = '"' .. string.rep('x', tonumber(arguments[1]) - 2) .. '"'
    wanted = tonumber(arguments[2] or '0')
    if wanted > 0 then response = count end
end
