"""Registers outside of any test's transaction: several people at once, tables that change beside the work."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection

from lienthong.foundation import clock
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.registers import access, queries, services
from lienthong.registers.definition import EntriesAgree
from lienthong.registers.open_data import making
from lienthong.registers.open_data.models import OpenFile
from tests import cast
from tests.at_once import at_once
from tests.registers import test_references as references
from tests.registers.conftest import DECLARED, GIA_NGHIA, KEY, officer_of, permit, publish

NARROWER = DECLARED.replace("identity: [[so]]", "identity: []")


def indexes():
    """The indexes of the entries, and whether each is whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, indisvalid FROM pg_index WHERE indrelid = %s::regclass",
            ["register_giay_phep_thu"],
        )
        return dict(cursor.fetchall())


def test_the_same_request_sent_twice_at_once_makes_one_entry_and_another_of_the_same_thing_none(committed):
    publish()
    handler = officer_of("case-handler", GIA_NGHIA)
    asked = uuid4()
    enter = partial(services.enter, register=KEY, raw=permit(), officer=handler)
    first, again = at_once(partial(enter, request=asked), partial(enter, request=asked))
    assert first == again
    refused, too = at_once(enter, enter)
    assert isinstance(refused, services.AlreadyThere) and isinstance(too, services.AlreadyThere)
    body = queries.register(KEY)
    assert len(queries.page(body, access.rights_of(handler, body, to="read"))) == 1


def test_of_two_who_publish_at_once_none_fails_and_the_tables_are_made_once(committed):
    outcomes = at_once(publish, publish)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert all(indexes().values())


def test_what_cannot_be_unique_is_refused_and_leaves_no_half_of_an_index_behind(committed):
    publish(NARROWER)
    handler = officer_of("case-handler", GIA_NGHIA)
    for _time in range(2):
        services.enter(register=KEY, raw=permit(), officer=handler)
    with pytest.raises(EntriesAgree, match="15/GPXD"):
        publish()
    assert not any("_one_" in name for name in indexes())
    services.enter(register=KEY, raw=permit(), officer=handler)


def test_of_two_who_end_an_entry_and_point_to_it_at_once_only_one_may(committed):
    with cast.on_monday():
        references.publish(references.HOLDERS, references.PARCELS)
        handler = officer_of("case-handler", GIA_NGHIA)
        with clock.at(clock.now() - timedelta(days=30)):
            holder = references.holder(handler, "An")
    ending = partial(
        services.end, register="nguoi-thu", entry_id=holder.id, revision=1, officer=handler, reason="Không còn"
    )
    pointing = partial(references.parcel, handler, "thửa 1", {"id": holder.id})
    outcomes = at_once(ending, pointing)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(refused) == 1 and isinstance(refused[0], services.StillReferred | NotAccepted), outcomes


def test_of_two_who_make_the_files_of_open_data_at_once_one_makes_them(committed):
    publish()
    with cast.on_monday():
        services.enter(register=KEY, raw=permit(), officer=officer_of("case-handler", GIA_NGHIA))
    assert sorted(at_once(lambda: making.look(KEY), lambda: making.look(KEY))) == [False, True]
    assert OpenFile.objects.count() == OpenFile.objects.values("file").distinct().count() == 3
