"""A subject's addresses, and the application they are joined in: described once somebody asks.

flask-openapi makes a JSON schema of every body and reply where an address is declared. That is a
third of the time a command takes that finds no service running and opens the site by itself; and
nobody asks a command for /openapi.json.
"""

from collections.abc import Callable
from copy import copy
from functools import cache, partial
from typing import Any

from flask_openapi import APIBlueprint, OpenAPI
from pydantic import BaseModel
from typing_extensions import override
from werkzeug.routing import Rule

from labeler.production import showing
from labeler.web.api import securing
from labeler.web.api.documents import ANY

Shape = type[BaseModel]


class Door(APIBlueprint):
    """The addresses of one subject."""

    def __init__(self, name: str, import_name: str, *, tag: str, prefix: str = "/api/v1") -> None:
        """Make it; ``tag`` is the heading under which its addresses are described."""
        super().__init__(name, import_name, url_prefix=prefix or None, abp_tags=[{"name": tag}])
        self._undescribed: list[Callable[[], object]] = []
        self.asked: dict[str, tuple[Shape | None, Shape | None]] = {}
        """Endpoint -> the shapes of its query and of its body."""

    def amend(self, change: Callable[["Door"], None]) -> Callable[["Door"], None]:
        """Let ``change`` correct the description, once everything above it is described."""
        self._undescribed.append(partial(change, self))
        return change

    def describe(self) -> None:
        """Describe what was declared."""
        while self._undescribed:
            self._undescribed.pop(0)()

    @override
    def _collect_openapi_info(self, *args: Any, **said: Any) -> Any:
        """Put off what describes an address; return what reads its requests."""
        self._undescribed.append(partial(super()._collect_openapi_info, *args, **said))
        read = super()._collect_openapi_info(*args, doc_ui=False)
        _, _, _, query, _, body = read
        self.asked[f"{self.name}.{args[1].__name__}"] = (query, body)
        return read


class _Address(Rule):
    """An address; the code that writes it for url_for is compiled when it is first written."""

    @override
    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:
        compiled = cache(partial(super()._compile_builder, append_unknown))

        def write(rule: Rule, *args: Any, **values: Any) -> Any:
            return compiled()(rule, *args, **values)

        return write


class Described(OpenAPI):
    """An application whose description is made when it is asked for, with every drawn format."""

    url_rule_class = _Address
    pattern: "Described | None" = None
    """What this one is the twin of."""

    def twin(self) -> "Described":
        """Return an application of the same addresses, whose settings and state are its own.

        To parse two hundred addresses takes longer than to open a site, and to describe them too.
        """
        made = copy(self)
        made.config = self.config_class(self.root_path, dict(self.config))
        made.extensions = {}
        made.view_functions = dict(self.view_functions)
        made.pattern = self
        return made

    def add_door(self, door: Door) -> None:
        """Let requests through ``door``."""
        self._doors: list[Door] = [*getattr(self, "_doors", []), door]
        self.register_blueprint(door)

    def asked(self) -> dict[str, tuple[Shape | None, Shape | None]]:
        """Return what each endpoint reads, as `Door.asked`: nothing need be described for it."""
        return {name: shapes for door in self._doors for name, shapes in door.asked.items()}

    @override
    def generate_spec_json(self) -> None:
        """Describe the application."""
        if self.pattern is not None:
            self.spec_json = self.pattern.api_doc
            return
        for door in self._doors:
            door.describe()
            self.tags += [one for one in door.tags if one.name not in self.tag_names]
            self.tag_names += [one.name for one in door.tags if one.name not in self.tag_names]
            self.paths.update(door.paths)
            self.components_schemas.update(door.components_schemas)
        super().generate_spec_json()  # type: ignore[no-untyped-call]
        securing.describe(self.spec_json, self.url_map)
        for operations in self.spec_json["paths"].values():
            for operation in operations.values():
                for reply in operation["responses"].values():
                    content = reply.get("content", {})
                    if ANY in content:
                        own = content.pop(ANY)
                        content.update(dict.fromkeys(showing.media_types(), own))
