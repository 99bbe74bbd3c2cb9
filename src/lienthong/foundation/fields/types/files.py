"""A stored file that belongs to the data. Storing is the files room's business; a field holds its id and name."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from psycopg.types.json import Jsonb
from pydantic import AfterValidator
from pydantic import Field as Attribute
from pydantic_core import PydanticCustomError

from lienthong.foundation.fields.context import Context, FileRef
from lienthong.foundation.fields.definition import Field, not_empty
from lienthong.foundation.fields.problems import Invalid, wrong_kind
from lienthong.foundation.fields.raw import ABSENT, Absent, Posted
from lienthong.foundation.files.kinds import FORMATS, KINDS


def _known(kind: str) -> str:
    if kind not in KINDS:
        why = _now("there is no kind of file “%(kind)s”; there are: %(kinds)s") % {
            "kind": kind,
            "kinds": ", ".join(KINDS),
        }
        raise PydanticCustomError("file_kind", "{why}", {"why": why})
    return kind


Kind = Annotated[str, AfterValidator(_known)]


class File(Field):
    """The page with the form stores what was uploaded and puts {"id": …} into the raw data (see `forms.uploads`)."""

    type: Literal["file"] = "file"
    accept: Annotated[tuple[Kind, ...], AfterValidator(not_empty)] = Attribute(
        ("pdf", "image"), description="Kinds of files that may be attached"
    )
    max_size: int | None = Attribute(
        None, ge=1, le=1024, description="Largest size in MB; the installation's limit unless said"
    )

    about: ClassVar[str] = "An attached file; kept as the id and name of a stored file"
    narrows: ClassVar[Literal[""]] = ""
    asks: ClassVar[str | Promise] = _("Attach %(label)s.")
    template: ClassVar[str] = "fields/widgets/file.html"
    frame: ClassVar[Literal["own"]] = "own"
    members: ClassVar[tuple[str, ...]] = ("id", "name")

    def check_default(self, default: Any) -> None:
        raise PydanticCustomError("default", "{why}", {"why": _now("a file has no default")})

    def blank(self, raw: Any) -> bool:
        return not raw.get("id") if isinstance(raw, dict) else super().blank(raw)

    def parse(self, raw: Any, context: Context) -> FileRef:
        if not isinstance(raw, dict) or not isinstance(raw.get("id"), str):
            raise wrong_kind()
        found = context.files.find(self.text(raw["id"], 200))
        if found is None:
            raise Invalid.because("no_such_file", _("This file is no longer there. Attach it again."))
        if found.kind and found.kind not in self.accept:
            raise Invalid.because("file_kind", _("The file must be: %(kinds)s."), kinds=self.kinds)
        if self.max_size is not None and found.size > self.max_size * 1024 * 1024:
            raise Invalid.because(
                "file_size",
                _("The file has %(size)s; the most that can be taken is %(most)s MB."),
                size=filesizeformat(found.size),
                most=self.max_size,
            )
        return found

    @property
    def kinds(self) -> str:
        return ", ".join(str(KINDS[kind]) for kind in self.accept)

    def cell_parts(self) -> Mapping[str, str]:
        return {}

    def columns(self) -> "Mapping[str, models.Field[Any, Any]]":
        return {"": models.JSONField(null=True)}

    def to_columns(self, value: Any) -> Mapping[str, Any]:
        return {"": None if value is None else Jsonb(self.to_json(value))}

    def from_columns(self, stored: Mapping[str, Any]) -> FileRef | None:
        return None if stored[""] is None else self.from_json(stored[""])

    def to_json(self, value: Any) -> dict[str, Any]:
        return {"id": value.id, "name": value.name, "size": value.size, "kind": value.kind}

    def from_json(self, json: Any) -> FileRef:
        return FileRef(str(json["id"]), str(json["name"]), int(json.get("size", 0)), str(json.get("kind", "")))

    def read_by_expressions(self, value: Any, context: Context) -> dict[str, Any]:
        return {"id": value.id, "name": value.name} if value else {"id": None, "name": None}

    def samples(self) -> Iterable[Any]:
        return (FileRef("1", "ban-ve.pdf"),)

    def show(self, value: Any, context: Context) -> str:
        return str(value.name)

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {
                "id": {"type": "string"},
                "name": {"type": "string"},
                "size": {"type": "integer", "minimum": 0},
                "kind": {"type": "string"},
            },
            "required": ["id"],
            "additionalProperties": False,
            "x-accept": list(self.accept),
            **({"x-max-megabytes": self.max_size} if self.max_size is not None else {}),
        }

    def from_post(self, posted: Posted) -> Any | Absent:
        return {"id": posted.at(["id"]).values[-1]} if posted.at(["id"]).values else ABSENT

    def as_typed(self, raw: Any) -> str:
        return str(raw.get("id") or "") if isinstance(raw, dict) else ""

    def to_post(self, raw: Any, name: str) -> Iterable[tuple[str, str]]:
        return ((f"{name}.id", self.as_typed(raw)),)

    def widget(self, raw: Any, context: Context) -> dict[str, Any]:
        held = self.as_typed(raw)
        return {
            "file": context.files.find(held) if held else None,
            "accept": ",".join(
                f".{ending}" for known in FORMATS if known.kind in self.accept for ending in known.endings
            ),
            "kinds": self.kinds,
            "limit": self.max_size,
        }
