"""Several who write or ask at once."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from django.db import connection

from lienthong.documents.drafts import services
from lienthong.documents.models import DraftOpinion, DraftVersion
from lienthong.documents.rules.contents import Contents
from tests import cast
from tests.documents.conftest import HANDLER
from tests.documents.test_drafts import asked, begun, contents_of


def test_of_eight_who_save_at_once_one_writes_and_the_others_are_told(committed: None):
    draft = begun()
    said = Contents.read(contents_of(draft).as_json() | {"abstract": "Của tôi"})
    connection.close()

    def press(_number: int) -> int:
        try:
            with cast.on_monday():
                services.write(draft_id=draft.pk, officer=cast.actor(HANDLER), key=uuid4(), base=1, contents=said)
            return 1
        except services.Overtaken:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(press, range(8))) == 1
    assert list(DraftVersion.objects.filter(draft=draft).values_list("number", flat=True)) == [1, 2]


def test_a_desk_that_is_asked_by_two_at_once_is_asked_once(committed: None):
    draft = begun()
    connection.close()

    def press(_number: int) -> int:
        try:
            with cast.on_monday():
                return len(asked(draft))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(press, range(4))) == 1
    assert DraftOpinion.objects.count() == 1
