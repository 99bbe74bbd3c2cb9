"""What is refused says what is wrong and the way out, as two texts or as one."""

from lienthong.foundation.errors import DomainError
from lienthong.foundation.files.errors import RefusedFile, TooLarge


def test_a_refusal_in_full_says_what_is_wrong_and_then_the_way_out():
    refused = DomainError("%(n)s copies are too many.", way_out="Make at most %(most)s.", n=7, most=5)
    assert refused.in_full == "7 copies are too many. Make at most 5."


def test_a_refusal_without_a_way_out_is_nothing_but_what_is_wrong():
    assert DomainError("It was closed.").in_full == "It was closed."


def test_a_file_that_is_refused_is_named_once():
    why = TooLarge("The file “%(name)s” is too large.", way_out="Send it in parts.", name="map.pdf")
    assert RefusedFile("map.pdf", why).said == "The file “map.pdf” is too large. Send it in parts."
    assert RefusedFile("plan.pdf", why).said == "“plan.pdf”: The file “map.pdf” is too large. Send it in parts."
