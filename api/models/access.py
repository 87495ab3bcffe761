"""Who may write, and what was answered to writes that may be sent again."""

from peewee import AutoField, BlobField, Check, IntegerField, TextField

from api.models.base import OwnerField, Table


class Token(Table):
    """A bearer token: what is known of it without knowing its secret.

    `public_id` is the part of the token that finds its row; `sha256` is of the whole token, in hexadecimal. `scopes` are
    separated by blanks. A revoked token keeps its row, so that its name stays that of who wrote with it.
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
    """A POST with an Idempotency-Key: under way while `status` is null, afterwards the answer it was given.

    `claim` is whose it is to finish; `fingerprint` the SHA-256, in hexadecimal, of what was asked; `headers` a JSON
    list of pairs.
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
