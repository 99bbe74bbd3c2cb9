"""Texts of this room are tested in Vietnamese: its catalogue is compiled and read anew."""

import pytest
from django.utils.translation import trans_real

from lienthong.runtime.catalogues import compile_stale


@pytest.fixture(scope="package", autouse=True)
def catalogues() -> None:
    if compile_stale():
        trans_real._translations.clear()
        trans_real._default = None
