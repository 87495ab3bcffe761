"""The OpenAPI document, worked out from the operations and the schemas.

Describes what `http` declares and `problems` lists; no route is imported here.
"""

from api.openapi.components import RECORDS
from api.openapi.document import build, contract_of

__all__ = ["RECORDS", "build", "contract_of"]
