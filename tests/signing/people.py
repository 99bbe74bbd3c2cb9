"""Who signs in these tests, and what."""

import dataclasses
from datetime import datetime, timedelta

from lienthong.foundation import papers
from lienthong.foundation.clock import ZONE
from lienthong.signing.rules import Seal, Signer
from tests.foundation.papers.sample import RESULT

AT = datetime(2025, 3, 28, 9, 15, 30, tzinfo=ZONE)
LATER = AT + timedelta(hours=1)

CHAIRMAN = Signer(
    account_id=11,
    post_id=101,
    name="Lê Hoàng Nam",
    position="Phó Chủ tịch",
    organisation="UBND thành phố Gia Nghĩa",
    organisation_identifier="H16.31",
)
CLERK = dataclasses.replace(CHAIRMAN, account_id=12, post_id=102, name="Trần Văn Bình", position="Công chức một cửa")
COMMITTEE = Seal(organisation="UBND thành phố Gia Nghĩa", organisation_identifier="H16.31")


def paper(number: int = 12) -> bytes:
    """A result as its procedure prints it, with places for a signature and a seal."""
    letterhead = dataclasses.replace(RESULT.letterhead, number=number)
    return papers.render("cases/result", dataclasses.replace(RESULT, letterhead=letterhead).as_data(), at=AT)
