"""How copying reports its progress."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called now and then with how much is done, and how much there is to do."""
