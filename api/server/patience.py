"""How long the service waits for clients that are slow or silent."""

PATIENCE = 30
"""Seconds in which a client has to send or take something: as long as a request under way is given after SIGTERM."""

PATIENCE_IN_ALL = 600
"""Seconds in which a client has to send all of a request, or may make a response wait: nobody sends or reads drops for ever."""

LINGER = 5
"""Seconds in which a client to be parted from has to send something or close its side."""

LINGER_IN_ALL = 30
"""Seconds after which nobody is listened to any more who was answered and goes on sending."""

STOPPING = 2
"""Seconds that a stopping worker leaves to connections without a request, for one that may be on its way."""
