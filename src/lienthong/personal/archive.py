"""Writing the archive: a JSON file for each part, the files beside them, and a page that says what is what."""

import json
import shutil
import zipfile
from collections.abc import Iterable
from typing import IO

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.files import storage
from lienthong.foundation.files.serving import require_harmless
from lienthong.personal.sources import Enclosed, Source

READ_ME = "DOC-TRUOC.txt"
_PIECE = 1024 * 1024


def write(target: IO[bytes], account_id: int, sources: Iterable[tuple[str, Source]]) -> None:
    """Write the archive of a person. A file that cannot be given, such as an infected one, is named instead."""
    left_out: list[str] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for name, source in sources:
            part = source(account_id)
            archive.writestr(f"{name}.json", _json(part.data))
            files = {file.path: file for file in part.files}  # one file may stand for several papers
            left_out += [f"{path}: {why}" for path, file in files.items() if (why := _enclose(archive, file))]
        archive.writestr(READ_ME, _read_me(left_out))


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)


def _enclose(archive: zipfile.ZipFile, enclosed: Enclosed) -> str:
    """Put a file into the archive as it is; PDFs and pictures are compressed already. Why not, where it cannot be."""
    try:
        require_harmless(enclosed.file)
        with storage.open_content(enclosed.file.sha256) as content:
            info = zipfile.ZipInfo(enclosed.path, clock.local(enclosed.file.stored_at).timetuple()[:6])
            with archive.open(info, "w", force_zip64=True) as place:
                shutil.copyfileobj(content, place, _PIECE)
    except DomainError as refused:
        return str(refused)
    return ""


def _read_me(left_out: list[str]) -> str:
    said = [
        _("A copy of what this system holds about you, made at %(moment)s.")
        % {"moment": f"{clock.local(clock.now()):%H:%M %d/%m/%Y}"},
        _("Each .json file is text that every editor opens; the folders hold the files that go with it."),
        _("Keep it as you keep your identity card: it holds your personal data."),
    ]
    if left_out:
        said += ["", _("These files could not be put in:"), *(f"- {each}" for each in left_out)]
    return "\n".join(said) + "\n"
