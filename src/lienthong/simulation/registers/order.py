"""In which order registers are filled: first what others point to. Circles exist; in them the reference that may stay
empty at first is filled later. Pure."""

from collections.abc import Mapping, Sequence

from lienthong.registers.definition import RegisterBody


def in_order(bodies: Sequence[RegisterBody]) -> list[RegisterBody]:
    """So that whatever an entry must point to comes before it, and as far as that leaves a choice whatever it may."""
    known = {body.key: body for body in sorted(bodies, key=lambda body: (body.group, body.key))}
    found: dict[str, RegisterBody] = {}
    for key in known:
        _put(key, known, found, ())
    return list(found.values())


def _put(key: str, known: Mapping[str, RegisterBody], found: dict[str, RegisterBody], above: tuple[str, ...]) -> None:
    if key in found or key in above or key not in known:
        return
    for target in [*pointed(known[key], must=True), *pointed(known[key], must=False)]:
        if not _leads_to(target, (*above, key), known):
            _put(target, known, found, (*above, key))
    found[key] = known[key]


def _leads_to(start: str, wanted: tuple[str, ...], known: Mapping[str, RegisterBody]) -> bool:
    """Whether one of the wanted must be there before the first can be."""
    seen, left = set[str](), [start]
    while left:
        key = left.pop()
        if key in wanted:
            return True
        if key in known and key not in seen:
            seen.add(key)
            left += pointed(known[key], must=True)
    return False


def pointed(body: RegisterBody, *, must: bool) -> list[str]:
    """The registers that its entries must point to, or may; what they must on some condition has to be there too."""
    return [field.register_key for field in body.references.values() if (field.required is not False) is must]


def late_references(body: RegisterBody, before: Sequence[str]) -> list[str]:
    """The keys of its references to registers that do not come before it, itself among them."""
    return [key for key, field in body.references.items() if field.register_key not in before]
