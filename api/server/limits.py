"""How long the service waits for clients, and how much it keeps for them."""

PATIENCE = 30
"""Seconds in which a client has to send or take something: as long as a request under way is given after SIGTERM."""

PATIENCE_IN_ALL = 600
"""Seconds in which a client has to send all of a request, or may make a response wait: nobody sends or reads drops for ever."""

LINGER = 5
"""Seconds in which a client that was answered for the last time has to send something, or close its side."""

LINGER_IN_ALL = 30
"""Seconds after which such a client is not listened to any more, whatever it sends."""

STOPPING = 2
"""Seconds that a stopping worker leaves to connections without a request, for one that may be on its way."""

LONGEST_HEAD = 65_536
"""Bytes. gunicorn's own limits would let every client keep 800 kB in memory before it has said anything useful."""

SMALL_CONTENT = 65_536
"""Bytes. A content that is no larger is awaited in memory before the application sees the request, wanted or not."""

MOST_HELD = 64_000_000
"""Bytes of incomplete requests that are kept in memory for all clients together; beyond that the oldest are given up."""

LONGEST_PENDING = 2_000_000
"""Bytes of one response that are kept for a client that reads slowly: the largest page or file, and some more."""

MOST_PENDING = 64_000_000
"""Bytes of responses that are kept for all clients together; beyond that those are given up for whom the most is kept."""

MOST_DISCARDED = 128_000_000
"""Bytes that are taken from a client that was answered already, so that it comes to read the answer: twice an import."""
