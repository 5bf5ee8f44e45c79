"""Bring the schema up to date (Alembic); `migrations/versions/` has one file per step."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from labeler.errors import STORE_OUTDATED, STORE_UNAVAILABLE, Refusal

_FOLDER = Path(__file__).parent / "migrations"


def newest() -> str:
    """Return the name of the newest schema this program knows."""
    return ScriptDirectory(str(_FOLDER)).get_current_head() or ""


def current(engine: Engine) -> str | None:
    """Return the name of the schema the database has; None for an empty database."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema, in one transaction; nothing happens if it is there.

    Raises Refusal 9005 for a schema newer than this program, 9002 if it cannot be written.
    """
    try:
        if current(engine) == newest():
            return
        config = Config()
        config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise Refusal(
            STORE_OUTDATED,
            f"The database has schema '{current(engine)}', which this version does not know.",
            hint="It was written by a newer version: run that one.",
        ) from error
    except DBAPIError as error:
        raise Refusal(
            STORE_UNAVAILABLE,
            f"The database cannot be opened: {str(error.orig).strip()}.",
            hint="Check database.url, its disk and its server.",
        ) from error
