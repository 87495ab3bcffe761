"""Tokens, and the responses to requests that may be sent again."""

from peewee import AutoField, BlobField, Check, IntegerField, TextField

from api.models.base import OwnerField, Table


class Token(Table):
    """A bearer token, without its secret.

    `public_id` is the part of the token by which its row is looked up; `sha256` is of the whole token, in hexadecimal.
    `scopes` are separated by spaces. A revoked token keeps its row, so that its name stays that of an author.
    """

    number = AutoField()
    public_id = TextField(unique=True)
    name = TextField(unique=True)
    sha256 = TextField()
    scopes = TextField()
    created_at = TextField()
    expires_at = TextField(null=True)
    revoked_at = TextField(null=True)
    last_used_at = TextField(null=True)

    class Meta:
        constraints = [Check("length(sha256) = 64")]


class Idempotency(Table):
    """A POST with an Idempotency-Key: in progress while `status` is null, afterwards with its response.

    `claim` identifies the request that is processing it; `fingerprint` is the SHA-256, in hexadecimal, of the request;
    `headers` a JSON list of pairs.
    """

    number = AutoField()
    token = OwnerField(Token)
    key = TextField()
    fingerprint = TextField()
    claim = TextField()
    claimed_at = TextField(index=True)
    status = IntegerField(null=True)
    headers = TextField(null=True)
    body = BlobField(null=True)

    class Meta:
        indexes = ((("token", "key"), True),)
        constraints = [Check("length(fingerprint) = 64")]
