"""Bearer tokens: made, revoked, listed, and recognised when one is presented (RFC 6750).

A token is `tasrih_`, 16 hexadecimal digits that find its row, `_`, and 64 hexadecimal digits of a secret of 256 bits. The
database keeps the SHA-256 of the whole. A slow hash would add nothing: the secret is random, and can't be guessed.
"""

import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from api.database.current import engine
from api.database.outages import UNAVAILABLE
from api.database.statements import execute, rows
from api.database.transactions import not_waiting, writing
from api.errors import Unauthenticated, UnusableToken
from api.models.access import Token
from schemas.values import dates
from schemas.values.normal_form import UNSAFE, NotStreamSafe, nfc

SCOPES = {
    "read": "read, where the service does not let everybody",
    "write": "create, replace, change, delete and merge records",
    "import": "import many records at once",
}
"""The scopes, each with what it allows."""

LONGEST_NAME = 100
OTHER_AUTHORS = ("command line", "migration")
"""The names under which the history keeps what was written without a token."""

BETWEEN_USES = timedelta(minutes=1)
"""Uses within this time of the last one are not noted, so that most requests write nothing."""

_FORM = re.compile(r"tasrih_([0-9a-f]{16})_[0-9a-f]{64}")
_FIND = "SELECT number, name, sha256, scopes, expires_at, revoked_at, last_used_at FROM token WHERE public_id = ?"
_USED = "UPDATE token SET last_used_at = ? WHERE number = ? AND (last_used_at IS NULL OR last_used_at < ?)"
_NO_DIGEST = "0" * 64


@dataclass(frozen=True)
class Bearer:
    """Who sent a request with an active token, and its scopes."""

    number: int
    name: str
    scopes: frozenset[str]


def create(name: str, scopes: Iterable[str], expires_at: datetime | None) -> str:
    """Create a token and return it: it can't be shown again. Raise UnusableToken when its name is not a new one."""
    name = _usable_name(name)
    public_id, now = secrets.token_hex(8), datetime.now(UTC)
    if expires_at is not None and expires_at <= now:
        raise UnusableToken(f"The token would have expired already: {dates.moment(expires_at)} is past.")
    token = f"tasrih_{public_id}_{secrets.token_hex(32)}"
    with writing():
        if Token.select().where(Token.name == name).exists():
            raise UnusableToken(
                f"There is a token '{name}' already, or was one: a name stays that of who wrote with it, revoked or not,"
                " and its secret can't be shown again. Choose another name."
            )
        Token.insert(
            public_id=public_id,
            name=name,
            sha256=_digest(token),
            scopes=" ".join(scope for scope in SCOPES if scope in set(scopes)),
            created_at=dates.moment(now),
            expires_at=expires_at and dates.moment(expires_at),
        ).execute()
    return token


def _usable_name(name: str) -> str:
    name = _normalised(name)
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise UnusableToken(
            f"A token's name is 1 to {LONGEST_NAME} printable characters without blanks at its ends, not {name[:200]!r}."
        )
    if name.casefold() in OTHER_AUTHORS:
        raise UnusableToken(f"'{name}' can't be a token's name: the history calls others so.")
    return name


def _normalised(name: str) -> str:
    try:
        return nfc(name)
    except NotStreamSafe:
        raise UnusableToken(f"A token has no such name. {UNSAFE}") from None


def revoke(name: str) -> bool:
    """Revoke a token; return whether it was active before. Raise UnusableToken when there is none with this name."""
    name = _normalised(name)
    with writing():
        if not name.isprintable() or not Token.select().where(Token.name == name).exists():
            raise UnusableToken(f"There is no token {name!r}: 'tasrih token list' shows those there are.")
        ended = Token.update(revoked_at=dates.moment(datetime.now(UTC)))
        return bool(ended.where(Token.name == name, Token.revoked_at.is_null()).execute())


def everyone() -> list[Token]:
    """All tokens ever made, by name."""
    return list(Token.select().order_by(Token.name))


def state_of(token: Token) -> str:
    """The state of a token now: `active`, `expired` or `revoked`."""
    return _state(token.expires_at, token.revoked_at, dates.moment(datetime.now(UTC)))


def _state(expires_at: str | None, revoked_at: str | None, now: str) -> str:
    if revoked_at is not None:
        return "revoked"
    return "expired" if expires_at is not None and expires_at <= now else "active"


def recognised(presented: str) -> Bearer:
    """The bearer of a token; raise Unauthenticated unless it is active.

    The digest is compared in constant time, and compared also when there is no such token.
    """
    form = _FORM.fullmatch(presented)
    matching = rows(_FIND, (form[1],)) if form else []
    number, name, digest, scopes, expires_at, revoked_at, last_used_at = (
        matching[0] if matching else (0, "", _NO_DIGEST, "", None, None, None)
    )
    if not hmac.compare_digest(_digest(presented), digest):
        raise Unauthenticated("The token is not one of this service.", "invalid_token")
    now = datetime.now(UTC)
    if (state := _state(expires_at, revoked_at, dates.moment(now))) != "active":
        raise Unauthenticated(f"The token '{name}' is {state}. Ask the operator for a new one.", "invalid_token")
    _note_use(number, last_used_at, now)
    return Bearer(number, name, frozenset(scopes.split()))


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _note_use(number: int, last_used_at: str | None, now: datetime) -> None:
    """Keep when a token was used, to the minute; a database that can't be written to now does without."""
    stale = dates.moment(now - BETWEEN_USES)
    if (last_used_at is not None and last_used_at >= stale) or engine().is_copy():
        return
    try:
        with not_waiting():
            execute(_USED, (dates.moment(now), number, stale))
    except UNAVAILABLE:
        return
