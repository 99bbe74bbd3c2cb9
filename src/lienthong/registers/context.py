"""What the fields of registers need to know of the world around the data."""

from lienthong.foundation import clock
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.fields.context import Context
from lienthong.foundation.organisations.queries import province


def context() -> Context:
    """Of today."""
    return Context(at=clock.today(), lists=PUBLISHED, province=province().administrative_code)
