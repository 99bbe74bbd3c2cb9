"""AutoCAD drawings (DWG). The format is not published: its beginning is checked, and it is never shown in a browser."""

import re
from typing import IO

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.files.errors import Damaged

# Release 13 (AC1012) to 2018 (AC1032) and what may follow; then zeros, as "Open Design Specification for .dwg" §3 says.
_BEGINNING = re.compile(rb"AC10(?:1[2-8]|2[1-9]|[3-9]\d)\0{5}")
_SMALLEST = 0x100


def examine(content: IO[bytes], size: int) -> None:
    content.seek(0)
    if size < _SMALLEST or not _BEGINNING.match(content.read(16)):
        raise Damaged(
            _("This drawing is damaged, or of a release older than AutoCAD 13."),
            way_out=_("Open it in AutoCAD and save it as a newer drawing."),
        )
