"""Several clerks, or one who presses several times, make official copies at once."""

import pytest
from django.db import IntegrityError

from lienthong.documents.models import OfficialCopy
from lienthong.signing.models import SigningRecord
from tests import cast
from tests.at_once import at_once
from tests.documents.test_copying import arrived, copied

pytestmark = pytest.mark.usefixtures("committed")


def test_eight_copies_made_at_once_leave_no_gap_and_no_number_twice():
    with cast.on_monday():
        lines = [arrived(), arrived()]
    made = at_once(*(lambda number=number: copied(lines[number % 2]).number for number in range(8)))
    assert sorted(made) == list(range(1, 9))
    assert OfficialCopy.objects.exclude(file=None).count() == SigningRecord.objects.count() == 8


def test_of_a_form_that_is_pressed_six_times_at_once_one_copy_comes():
    with cast.on_monday():
        line = arrived()
        key = "1c1b8f34-8f5e-4a52-9a3f-0c8f7d1b2a3e"
    made = at_once(*(lambda: copied(line, key=key).pk for _press in range(6)))
    assert len(set(made)) == 1 and OfficialCopy.objects.get().number == 1
    assert copied(line).number == 2


def test_the_database_itself_keeps_a_number_from_being_given_without_a_file():
    with cast.on_monday():
        made = copied(arrived())
    for wrong in ({"digest": ""}, {"copies": 2}, {"issue": None, "arrival": None}, {"pages": "1"}, {"recipients": ""}):
        with pytest.raises(IntegrityError):
            OfficialCopy.objects.filter(pk=made.pk).update(**wrong)
