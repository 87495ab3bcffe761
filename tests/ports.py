"""Ports that tests let servers listen on."""

import random
import socket
from contextlib import closing, suppress

_PORTS = range(20_000, 32_000)
"""Below those that systems give to outgoing connections (Linux from 32768 on, IANA from 49152): a connection of some other
test never takes a port between the moment in which it is chosen and that in which the server listens."""


def free_port() -> int:
    """A port that nobody listens on."""
    while True:
        port = random.SystemRandom().choice(_PORTS)  # whatever the seed of the test is: others run beside it
        with closing(socket.socket()) as trial, suppress(OSError):
            trial.bind(("127.0.0.1", port))
            return port
