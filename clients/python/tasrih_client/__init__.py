"""A client of Tasrih: pages, typed records, conditional writes, problems as exceptions, retries, and a mirror."""

from tasrih_client.client import Collection, Page, Stored, Tasrih
from tasrih_client.errors import (
    ConnectionLost,
    Gone,
    InvalidRequest,
    NotFound,
    PreconditionFailed,
    Problem,
    TasrihError,
    Unavailable,
)
from tasrih_client.mirror import Mirror
from tasrih_client.tables import to_pandas

__all__ = [
    "Collection",
    "ConnectionLost",
    "Gone",
    "InvalidRequest",
    "Mirror",
    "NotFound",
    "Page",
    "PreconditionFailed",
    "Problem",
    "Stored",
    "Tasrih",
    "TasrihError",
    "Unavailable",
    "to_pandas",
]
