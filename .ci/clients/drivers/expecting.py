"""What every driver in Python needs: where the service is, and the records that it makes there."""

import json
import os

BASE = os.environ["TASRIH_URL"]
TOKEN = os.environ["TASRIH_TOKEN"]
NO_SUCH_RECORD = "urn:tasrih:problem:no-such-record"
PRECONDITION_FAILED = "urn:tasrih:problem:precondition-failed"


def lines(*record_ids: str) -> bytes:
    """An import of places with these ids."""
    places = ({"id": record_id, "name": {"en": record_id}, "kind": "city"} for record_id in record_ids)
    return b"".join(json.dumps({"type": "places", "document": place}).encode() + b"\n" for place in places)
