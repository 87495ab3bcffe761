"""The server of the tools over standard input and output, made with the official SDK."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from api import __version__
from api.assistants.tools import Tools
from api.errors import ServiceRefused, TasrihError
from api.remote.service import Service

INSTRUCTIONS = (
    "Official statements about conflicts and agreements: who said what, when, on whose behalf, according to whom. Find ids "
    "by name first. Each row has an address (iri, below service) and a phrase to cite it by; give both with every claim. "
    "Statements are what somebody said, not what is true; opposed claims stand side by side."
)


def serve(service: Service) -> None:
    """Answer a client on standard input and output until it leaves."""
    server_of(Tools(service)).run("stdio")


def server_of(tools: Tools) -> MCPServer:
    """A server with these tools, all of which only read."""
    server = MCPServer("tasrih", version=__version__, instructions=INSTRUCTIONS)
    named = (
        tools.find,
        tools.statements,
        tools.statement,
        tools.statements_on_agreement,
        tools.figures,
        tools.timeline,
        tools.coverage,
    )
    for tool in named:
        annotations = ToolAnnotations(read_only_hint=True, open_world_hint=False)
        server.add_tool(_explaining(tool), annotations=annotations)
    return server


def _explaining(tool: Callable[..., Any]) -> Callable[..., Any]:
    """A tool whose failures are sentences that list every mistake."""

    @wraps(tool)
    def explaining(*arguments: Any, **named: Any) -> Any:
        try:
            return tool(*arguments, **named)
        except ServiceRefused as refusal:
            raise ToolError(" ".join([str(refusal), *_mistakes(refusal.problem)])) from None
        except TasrihError as error:
            raise ToolError(str(error)) from None
        except (ValueError, LookupError, TypeError, AttributeError):
            raise ToolError("The service's answer has not the form that this version knows.") from None

    return explaining


def _mistakes(problem: dict[str, Any]) -> list[str]:
    """What a problem says of each mistake, as far as it has the form for it."""
    errors = problem.get("errors", ())
    return [
        f"{error.get('parameter', '')}: {error['detail']}"
        for error in (errors if isinstance(errors, list) else ())
        if isinstance(error, dict) and "detail" in error
    ]
