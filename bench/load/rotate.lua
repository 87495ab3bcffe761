-- Asks for the paths of a file in turn, each thread beginning elsewhere, and prints one line of JSON at the end.
-- wrk ... -s rotate.lua URL -- FILE START     (START: a fraction of the list to begin at)

local count = 0

function setup(thread)
  thread:set("which", count)
  count = count + 1
end

function init(arguments)
  requests = {}
  for path in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
  position = math.floor((tonumber(arguments[2]) + which * 0.37) * #requests) % #requests
end

function request()
  position = position % #requests + 1
  return requests[position]
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"microseconds":%d,"bytes":%d,"refused":%d,"broken":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration, summary.bytes, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
