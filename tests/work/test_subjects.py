"""What rooms point to in other rooms."""

import pytest

from lienthong.documents.services.carrying import DOCUMENT
from lienthong.documents.services.issuing import ISSUE
from lienthong.work.subjects import SUBJECTS, SubjectKind, register


def test_documents_are_known_when_the_house_has_started():
    assert {DOCUMENT, ISSUE} <= SUBJECTS.keys()


def test_a_type_of_subject_is_known_once():
    kind = SubjectKind(word="Khác", facts=lambda ids: {}, seen_by=lambda officer, ids: set(), view="documents:arrival")
    with pytest.raises(ValueError, match="incoming-document"):
        register(DOCUMENT, kind)
    assert SUBJECTS[DOCUMENT] is register(DOCUMENT, SUBJECTS[DOCUMENT])
