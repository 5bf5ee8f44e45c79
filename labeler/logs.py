"""Logs: lines for people on a terminal, JSON lines otherwise. To standard error."""

import logging
import sys
from typing import Any

import structlog


def configure(*, level: str, form: str) -> None:
    """Set up structlog and the standard library's logging alike.

    ``form`` is console, json or auto: console on a terminal, json otherwise.
    """
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    if not console:
        # Without local variables: they may hold a database password.
        plain = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        shared.append(structlog.processors.ExceptionRenderer(plain))
    renderer: Any = (
        structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("alembic", "waitress.queue", "PIL"):
        logging.getLogger(noisy).setLevel(logging.ERROR)


def only_errors() -> None:
    """Say no more than errors from now on, where warnings are what was wanted."""
    logging.getLogger().setLevel(logging.ERROR)
