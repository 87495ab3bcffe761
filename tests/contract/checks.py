"""What schemathesis checks of every answer: all it knows but for what it takes for wrong here."""

from schemathesis.config import SchemathesisConfig

CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            # Takes every value that fits its schema for one to be accepted, but a cursor may fit and be of another query,
            # and what refers to a record that is not there can't be stored.
            "positive_data_acceptance": {"enabled": False},
            # What is too long for its parameter may be too long for any address. Conditions come before bodies (RFC
            # 9110, 13.2.1): what is wrong with a change is not looked at where the record is another version by now.
            "negative_data_rejection": {
                "expected-statuses": [400, 401, 403, 404, 406, 409, 410, 412, 413, 414, 415, 422, 428],
            },
        },
        # What a record has said outlives it.
        "operations": [{"include-path-regex": "/(history|revisions)", "checks": {"use_after_free": {"enabled": False}}}],
    }
)
