"""Tasrih: who said what, when, on whose behalf, about which agreement, according to whom."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("tasrih")
except PackageNotFoundError:  # running from a source tree that was never installed
    __version__ = "0"
