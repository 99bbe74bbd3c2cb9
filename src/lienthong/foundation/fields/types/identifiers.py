"""Numbers that the state gives to people and businesses."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.problems import Invalid
from lienthong.foundation.fields.typed import compact
from lienthong.foundation.sheets.cells import Cell, as_text

PROVINCES = frozenset(
    """
    001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042 044
    045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087 089 091
    092 093 094 095 096
    """.split()  # noqa: SIM905  a list of words reads better than a list of quotes
)
"""Where births are registered: TT 07/2016/TT-BCA, annex I. Annex II gives countries; its codes are taken to be 100 and
above, which could not be confirmed, so that any of these is accepted."""

_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


@dataclass(frozen=True, slots=True)
class PersonIdFacts:
    """What a personal identification number says about its holder at birth registration (TT 07/2016/TT-BCA art. 7)."""

    place: str
    birth_year: int
    gender: Literal["male", "female"]


def person_id_facts(number: str) -> PersonIdFacts:
    """Of a number of 12 digits: three for the place, one for century and gender, two for the year, six at random."""
    century_and_gender = int(number[3])
    return PersonIdFacts(
        place=number[:3],
        birth_year=1900 + 100 * (century_and_gender // 2) + int(number[4:6]),
        gender="female" if century_and_gender % 2 else "male",
    )


class PersonId(Field):
    """Số định danh cá nhân (NĐ 137/2015/NĐ-CP art. 13). Whether it agrees with a birth date is asked elsewhere."""

    type: Literal["person-id"] = "person-id"
    personal: bool = True

    natural_width: ClassVar[str] = "short"
    about: ClassVar[str] = "Personal identification number of 12 digits"
    input_mode: ClassVar[str] = "numeric"

    def parse(self, raw: Any, context: Context) -> str:
        digits = re.sub(r"[.\-]", "", compact(self.readable(raw, 30)))
        if not re.fullmatch(r"[0-9]+", digits):
            raise Invalid.because("person_id_digits", _("A personal identification number has digits only."))
        if len(digits) == 9:
            raise Invalid.because(
                "person_id_old",
                _(
                    "This looks like an old identity card number of 9 digits."
                    " Enter the personal identification number of 12 digits."
                ),
            )
        if len(digits) != 12:
            raise Invalid.because(
                "person_id_length",
                _("A personal identification number has 12 digits; you typed %(count)s."),
                count=len(digits),
            )
        facts = person_id_facts(digits)
        if facts.place < "100" and facts.place not in PROVINCES:
            raise Invalid.because(
                "person_id_place",
                _("No personal identification number begins with %(place)s. Look at the first three digits again."),
                place=facts.place,
            )
        if facts.birth_year > context.at.year:
            raise Invalid.because(
                "person_id_year",
                _("By its fourth to sixth digit this number is of somebody born in %(year)s. Look at them again."),
                year=facts.birth_year,
            )
        return digits

    def from_cell(self, cell: Cell, context: Context) -> str:
        """A spreadsheet that takes it for a number drops the zeros it begins with."""
        typed = as_text(cell)
        return typed.zfill(12) if isinstance(cell, int | float) and len(typed) in (10, 11) else typed

    def samples(self) -> Iterable[str]:
        return ("067090000001",)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{12}$"}


class TaxCode(Field):
    """Mã số thuế of 10 digits, the tenth a check digit; 10-3 for a branch. Kept with the hyphen."""

    type: Literal["tax-code"] = "tax-code"

    natural_width: ClassVar[str] = "short"
    about: ClassVar[str] = "Tax code of 10 digits, or 10 and 3 for a branch"
    input_mode: ClassVar[str] = "numeric"

    def parse(self, raw: Any, context: Context) -> str:
        digits = re.sub(r"[.\-\u2013]", "", compact(self.readable(raw, 30)))
        if not re.fullmatch(r"[0-9]+", digits):
            raise Invalid.because(
                "tax_code_digits", _("A tax code has digits only, for example 0123456789 or 0123456789-001.")
            )
        if len(digits) not in (10, 13):
            raise Invalid.because(
                "tax_code_length",
                _("A tax code has 10 digits, or 13 for a branch; you typed %(count)s."),
                count=len(digits),
            )
        if not tax_check_digit_fits(digits) or digits[10:] == "000":
            raise Invalid.because("tax_code_check", self.wrong_digit)
        return f"{digits[:10]}-{digits[10:]}" if len(digits) == 13 else digits

    wrong_digit: ClassVar[str | Promise] = _(
        "There is no such tax code: the digits do not agree with each other. Compare it with the certificate once more."
    )

    def from_cell(self, cell: Cell, context: Context) -> str:
        """A spreadsheet that takes it for a number drops the 0 it begins with."""
        typed = as_text(cell)
        return typed.zfill(10) if isinstance(cell, int | float) and len(typed) == 9 else typed

    def samples(self) -> Iterable[str]:
        return ("0314409058",)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{10}(-[0-9]{3})?$"}


def tax_check_digit_fits(digits: str) -> bool:
    """Whether the tenth digit is 10 less the weighted sum of the nine before it modulo 11 (10 is not issued).

    The rule is the one that published validators use (python-stdnum `vn.mst`); its legal source could not be confirmed.
    """
    weighted = sum(int(digit) * weight for digit, weight in zip(digits[:9], _WEIGHTS, strict=True))
    return 10 - weighted % 11 == int(digits[9])
