"""The house's own gateway for SMS and Zalo: each message becomes a file, to be looked at."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.conf import settings

from lienthong.foundation.definitions.registry import Shape
from lienthong.notifications.gateways import Gateway, Outgoing, Taken, register

SHOWN = 50


class FileOptions(Shape):
    """Nothing can be set."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message that lies in a file."""

    channel: str
    to: str
    text: str
    at: datetime


@register
class FileGateway(Gateway):
    """LT_HOME/messages/<channel>/<moment>-<id>.json, readable by the owner only. A repeat writes the same file."""

    key = "file"
    reaches = ("mobile", "email")
    Options = FileOptions
    knows_repeats = True

    def send(self, message: Outgoing) -> Taken:
        folder = _folder() / message.channel
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{message.at:%Y%m%d-%H%M%S}-{message.id}.json"
        unfinished = path.with_suffix(f".{os.getpid()}")
        content = json.dumps(asdict(message), ensure_ascii=False, indent=1, default=str)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(content)
        unfinished.replace(path)
        return Taken(reference=path.name, delivered=True)


def written(channel: str) -> list[Written]:
    """The newest messages of a channel that lie in files."""
    return list(islice(_read(_folder() / channel), SHOWN))


def channels() -> list[str]:
    """The channels that have files."""
    folder = _folder()
    return sorted(each.name for each in folder.iterdir() if each.is_dir()) if folder.is_dir() else []


def _read(folder: Path) -> Iterator[Written]:
    for path in sorted(folder.glob("*.json"), reverse=True):
        said = json.loads(path.read_text(encoding="utf-8"))
        yield Written(folder.name, said["to"], said["text"], datetime.fromisoformat(said["at"]))


def _folder() -> Path:
    return Path(settings.MESSAGES_ROOT)
