"""Keeping a flood of bytes off the disk: `FILE_UPLOAD_HANDLERS = ["lienthong.portal.receiving.CutAtTheLimit", …]`."""

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from lienthong.settings.environment import environment

LARGEST = environment.upload_limit_mb * 1024 * 1024


class CutAtTheLimit(FileUploadHandler):
    """Stands before the handlers that keep files, and passes no more of each on than it takes to see it is too large.

    So the page can still say why the file is refused, which a broken connection could not.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= LARGEST else None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        return None
