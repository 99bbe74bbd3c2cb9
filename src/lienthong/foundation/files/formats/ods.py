"""OpenDocument spreadsheets (ISO/IEC 26300): archives whose first part says what they are, without bombs and macros."""

import zipfile
from typing import IO

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.files.errors import Unsafe
from lienthong.foundation.files.formats import ooxml

_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def examine(content: IO[bytes]) -> str | None:
    """ "ods", or None for archives of other kinds. Raises Damaged, Unsafe or Locked."""
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as archive:
            first = archive.NameToInfo.get("mimetype")
            if first is None or first.file_size != len(_TYPE) or archive.read(first) != _TYPE:
                return None
            ooxml.refuse_harm(content, archive)
            macros = any(name.startswith(("Basic/", "Scripts/")) for name in archive.NameToInfo)
            whole = "content.xml" in archive.NameToInfo
    except ooxml.UNREADABLE as error:
        raise ooxml.damaged() from error
    if macros:
        raise Unsafe(
            _("This document contains macros (programs)."),
            way_out=_("Save it as an ordinary document without macros and attach that one."),
        )
    if not whole:
        raise ooxml.damaged()
    return "ods"
