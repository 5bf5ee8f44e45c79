"""What the address and the form of a page say, read by the same shapes as the API's."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Response, redirect, request
from pydantic import BaseModel, ValidationError

from labeler.errors import BAD_VALUE, Refusal
from labeler.web import problems
from labeler.web.api import site

Shape = TypeVar("Shape", bound=BaseModel)


def read(shape: type[Shape], given: Mapping[str, Any]) -> Shape:
    """Return what was given as ``shape``; refuse (1002) what is wrong. An empty field says nothing.

    ``given`` is `request.args`, `request.form`, or what was made of them.
    """
    said = {name: value for name, value in given.items() if value != ""}
    try:
        return shape.model_validate(said)
    except ValidationError as error:
        raise problems.refusal_of(error) from error


def midnight(name: str, *, days: int = 0) -> datetime | None:
    """Return when the day of a field begins in the site's zone, or ``days`` later.

    None where the field is empty; refuses (1002) what is no day.
    """
    text = request.args.get(name, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
    except (ValueError, OverflowError) as error:
        raise Refusal(
            BAD_VALUE, f"'{text}' is no day.", hint="Write it as 2026-11-27, or choose it."
        ) from error
    return datetime.combine(day, time(), tzinfo=site().plant.calendar.zone)


def back(fallback: str = "/") -> Response:
    """Return the way to the page that a form came from, which its field `back` names."""
    place = request.form.get("back", "")
    parts = urlsplit(place)
    is_ours = place.startswith("/") and not place.startswith(("//", "/\\"))
    is_ours = is_ours and not parts.scheme and not parts.netloc
    return redirect(place if is_ours else fallback, 303)  # type: ignore[return-value]
