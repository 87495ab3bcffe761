"""The gunicorn worker, which lets no request fall that somebody is already sending when it is told to stop."""

import os
from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    """gunicorn's threaded worker, but for how it ends.

    gunicorn's own leaves connections waiting that are established and not yet accepted: when the last listening socket
    is closed the system resets them. This one accepts all that wait, closes the socket at once, and answers them.
    """

    sockets: list[Any]

    def set_accept_enabled(self, enabled: bool) -> None:
        """Begin or cease to accept connections; at the end, accept those that wait and close the door."""
        super().set_accept_enabled(enabled)
        if not enabled and self._stops():
            for listener in self.sockets:
                self._accept_all(listener)
                listener.close()
            self.sockets = []

    def _stops(self) -> bool:
        return not self.alive or bool(self.ppid != os.getppid())

    def _accept_all(self, listener: Any) -> None:
        before = -1
        while before != self.nr_conns:
            before = self.nr_conns
            self.accept(listener)
