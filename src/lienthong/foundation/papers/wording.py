"""How official papers write days, moments and numbers."""

from datetime import date, datetime

from lienthong.foundation import clock


def day_in_words(day: date) -> str:
    """ngày 05 tháng 01 năm 2026: days below 10 and months below 3 with a leading zero (NĐ 30/2020 App. I.II.4.b)."""
    month = f"{day.month:02}" if day.month < 3 else f"{day.month}"
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def place_and_day(place: str, day: date) -> str:
    return f"{place}, {day_in_words(day)}" if place else day_in_words(day).capitalize()


def moment_in_words(moment: datetime) -> str:
    """08 giờ 05 phút, ngày 05 tháng 01 năm 2026: by the clock of Vietnam (forms of TT 01/2018/TT-VPCP)."""
    local = clock.local(moment)
    return f"{local.hour:02} giờ {local.minute:02} phút, {day_in_words(local.date())}"


def moment_of_signing(moment: datetime) -> str:
    """05/01/2026 08:05:09 +07:00: day, time to the second and zone (NĐ 30/2020 App. I.II.8.b, ISO 8601)."""
    return f"{clock.local(moment):%d/%m/%Y %H:%M:%S} +07:00"


def number_and_symbol(number: int | str, symbol: str) -> str:
    """Số: 05/QĐ-UBND: numbers below 10 have a leading zero. A paper not yet numbered keeps room for its number."""
    if number == "" and not symbol:
        return ""
    written = str(number).zfill(2) if number != "" else "        "
    return f"Số: {written}/{symbol}" if symbol else f"Số: {written}"
