"""The OpenAPI 3.1 document: what the routes declared, finished with the answers, headers and examples they share.

Nothing here is said twice: schemas come from the marshmallow classes, parameters from the query schemas, examples from
the corpus. What is added is what flask-smorest leaves open.
"""

from api.openapi.document import as_json, as_yaml, build
from api.openapi.schemas import RECORDS

__all__ = ["RECORDS", "as_json", "as_yaml", "build"]
