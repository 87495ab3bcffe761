"""The headers that come with a problem: functions of the exception that give a value, or None to leave the header out."""

from urllib.parse import quote

from flask import current_app, request

from api.errors import (
    MissingScope,
    PreconditionFailed,
    PreconditionRequired,
    ReadOnlyCopy,
    RecordsExist,
    Unauthenticated,
    UnsupportedMediaType,
    UnusableCredentials,
    WaitedInVain,
)

RETRY_AFTER = "5"  # seconds: as long as a writer may hold the database before readers are turned away
REALM = "tasrih"


def challenge(error: Unauthenticated | UnusableCredentials | MissingScope) -> str | None:
    """How to authenticate (RFC 6750, 3)."""
    parameters = {"realm": REALM}
    if isinstance(error, MissingScope):
        parameters |= {"error": "insufficient_scope", "scope": error.scope}
    elif isinstance(error, UnusableCredentials):
        parameters["error"] = "invalid_request"
    elif not isinstance(error, Unauthenticated):
        return None
    elif error.error:
        parameters["error"] = error.error
    return "Bearer " + ", ".join(f'{name}="{value}"' for name, value in parameters.items())


def current_etag(error: PreconditionFailed | PreconditionRequired | RecordsExist) -> str | None:
    """The entity tag of the record as it is, so that whoever was too late knows what to read."""
    return error.current_etag


def where_to_write(_: ReadOnlyCopy) -> str | None:
    """Where the same request can be made with success: the link relation `edit` (RFC 5023, 11.1)."""
    primary = current_app.config["PRIMARY_URL"]
    return None if primary is None else f'<{primary}{quote(request.path)}>; rel="edit"'


def retry_after(error: Exception) -> str:
    """Seconds after which the request may be tried again (RFC 9110, 10.2.3)."""
    return str(error.seconds) if isinstance(error, WaitedInVain) else RETRY_AFTER


def accept(error: UnsupportedMediaType) -> str | None:
    """The media types that are understood (RFC 9110, 15.5.16)."""
    return None if error.understood is None else ", ".join(error.understood)


def accept_patch(error: UnsupportedMediaType) -> str | None:
    """The media types of a PATCH that are understood (RFC 5789, 2.2)."""
    return accept(error) if request.method == "PATCH" else None


def accept_encoding(error: UnsupportedMediaType) -> str | None:
    """That the content is understood without a coding only (RFC 9110, 15.5.16)."""
    return "identity" if error.understood is None else None
