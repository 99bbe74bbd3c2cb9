"""The column of a bounding box. PostgreSQL's own type `box`, which a GiST index finds by."""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _Text = models.Field[str | None, str | None]
else:
    _Text = models.Field


class BoxField(_Text):
    """Holds a box as PostgreSQL writes it (`Box.sql`): degrees."""

    def db_type(self, connection: Any) -> str:
        return "box"

    def get_internal_type(self) -> str:
        return "BoxField"
