"""For a door that reads its request itself: what /openapi.json shows of it all the same."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response
from pydantic import BaseModel, ValidationError

from labeler.web import problems

View = TypeVar("View", bound=Callable[..., Response])


def documented(**shown: type[BaseModel]) -> Callable[[View], View]:
    """Let /openapi.json describe path, header and body, and leave their reading to the view.

    Only the path is read here: a number in it may be larger than any the database can be asked for.
    flask-openapi would make the header's JSON schema anew for each request, and three models.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def checked(**path: Any) -> Response:
            try:
                if "path" in shown:
                    shown["path"].model_validate(path)
            except ValidationError as error:
                return problems.from_validation(error)
            return view(**path)

        checked.__annotations__ = dict(shown)
        checked.__delay_validate_request__ = True  # type: ignore[attr-defined]
        return cast(View, checked)

    return mark
