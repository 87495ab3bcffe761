"""The OpenAPI document, worked out from the routes and the schemas.

Describes what `http` declares and `problems` lists; no route is imported here.
"""

from api.openapi.document import as_json, as_yaml, build
from api.openapi.schemas import RECORDS

__all__ = ["RECORDS", "as_json", "as_yaml", "build"]
