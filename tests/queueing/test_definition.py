"""What a province may declare of a queue, and what it is told when it declares something else."""

import pytest

from lienthong.foundation.definitions import services as definitions
from lienthong.queueing.models import Door
from lienthong.queueing.queries.places import shop
from tests import cast
from tests.docs.pages import DOCS, Page
from tests.queueing.conftest import SHOP

pytestmark = pytest.mark.django_db

DECLARED = (cast.SOURCE / "provinces" / "dak_nong" / "queues" / "phuong-nghia-trung.yaml").read_text()


def problems(before: str, after: str) -> str:
    changed = DECLARED.replace(before, after)
    assert changed != DECLARED
    plan = definitions.plan_text(changed, folder="tests", file="queue.yaml")
    return "\n".join(map(str, plan.problems))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("thanh-pho-gia-nghia-phuong-nghia-trung-mot-cua", "thanh-pho-gia-nghia", "không phải là bộ phận một cửa"),
        ("thanh-pho-gia-nghia-phuong-nghia-trung-mot-cua", "thanh-pho-gia-nghia-van-phong-mot-cua", "cũng của bộ phận"),
        ("calendar: hanh-chinh", "calendar: hanh-chin", "hanh-chinh"),
        ("letter: B", "letter: A", "hai lần"),
        ("letter: B", "letter: b", "groups"),
        ("{number: 2", "{number: 1", "hai lần"),
        ("groups: [B, A]", "groups: [B, C]", "Không có nhóm “C”"),
        ("[A, B]}\n  - {number: 2, groups: [B, A]}", "[A]}", "Không có quầy nào phục vụ"),
        ("fields: [ho-tich]", "fields: [ho-tic]", "Không có thủ tục nào thuộc lĩnh vực"),
        ("fields: [ho-tich]", "procedures: [dang-ky-khai-sin]", "dang-ky-khai-sinh"),
        ("[elderly,", "[vip,", "Không có diện ưu tiên “vip”"),
        ("minutes: 6", "minutes: 0", "minutes"),
    ],
)
def test_a_mistake_is_named(before, after, said):
    assert said in problems(before, after)


def test_the_how_to_shows_a_queue_that_can_be_published():
    how_to = Page(DOCS / "how-to" / "queue-at-the-one-stop-shop.md")
    (block,) = [block.text for block in how_to.blocks if block.language == "yaml"]
    assert not definitions.plan_text(block, folder="tests", file="queue.yaml").problems


def test_a_new_queue_gets_its_doors_when_it_is_published():
    text = DECLARED.replace("key: nghia-trung", "key: nghia-duc").replace("phuong-nghia-trung", "phuong-nghia-duc")
    with cast.on_monday():
        definitions.apply(definitions.plan_text(text, folder="tests", file="queue.yaml"))
        here = shop("nghia-duc").node.id
    assert set(Door.objects.filter(organisation_id=here).values_list("purpose", flat=True)) == {"kiosk", "poster"}


def test_what_changes_in_the_morning_holds_for_the_queue_of_the_day():
    text = (cast.SOURCE / "provinces" / "dak_nong" / "queues" / "thanh-pho-gia-nghia.yaml").read_text()
    changed = text.replace("effective_from: 2020-01-01", "effective_from: 2025-03-04").replace("Việc khác", "Tổng hợp")
    with cast.on_monday():
        definitions.apply(definitions.plan_text(changed, folder="tests", file="queue.yaml"))
        assert shop(SHOP).group_name("C") == "Việc khác"
