"""The problems that this API answers with, as `application/problem+json` (RFC 9457): from an exception to the answer.

`table` has a row for each; whoever adds one adds nothing elsewhere. Views are not imported here.
"""
