"""Spreadsheets that somebody brings."""

import io

import pytest

from lienthong.foundation.sheets import reading
from lienthong.foundation.sheets.errors import Unreadable
from tests.foundation.files import samples


@pytest.mark.parametrize(("kind", "first"), [("xlsx", "_rels/.rels"), ("ods", "content.xml")])
def test_a_workbook_that_cannot_be_unpacked_is_refused_in_plain_words(kind: str, first: str):
    content = samples.spoiled(samples.archive({first: b"<a/>" * 50}))
    with pytest.raises(Unreadable):
        list(reading.rows(io.BytesIO(content), kind))
