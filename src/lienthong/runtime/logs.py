"""What the processes write to their logs: a line a record, for people or, in production, for programs."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

# What every record carries; anything else was given by the caller as `extra`.
_USUAL = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName", "request", "server_time"}


class JsonLine(logging.Formatter):
    """A record as one line of JSON with what the caller gave as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        line |= {name: value for name, value in vars(record).items() if name not in _USUAL}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def logging_settings(*, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING: everything on stderr, whence the supervisor, systemd or a container takes it."""
    line = {"()": JsonLine} if as_json else {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": line},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
            # A refused request is the visitor's affair, not a warning to the administrator.
            "django.request": {"level": "ERROR"},
            "procrastinate": {"level": "WARNING"},
        },
    }
