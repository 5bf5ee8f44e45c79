"""For a door that reads its request itself: what /openapi.json shows of it all the same."""

from collections.abc import Callable
from typing import TypeVar

from flask import Response
from pydantic import BaseModel

View = TypeVar("View", bound=Callable[..., Response])


def documented(**shown: type[BaseModel]) -> Callable[[View], View]:
    """Let /openapi.json describe path, header and body, and leave their reading to the view.

    flask-openapi would make the header's JSON schema anew for each request, and three models.
    """

    def mark(view: View) -> View:
        view.__annotations__ = dict(shown)
        view.__delay_validate_request__ = True  # type: ignore[attr-defined]
        return view

    return mark
