"""Refusing what is a state secret, wherever a document is registered (QĐ 28/2018/QĐ-TTg art. 1.2)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lienthong.documents.rules import secrecy
from lienthong.documents.rules.secrecy import Secrecy
from lienthong.foundation.errors import DomainError


class Secret(DomainError):
    """It bears a mark of secrecy."""

    code = "documents.secret"

    def __init__(self, mark: Secrecy) -> None:
        super().__init__(
            _("The document bears the mark “%(mark)s”: state secrets must not be in this system."),
            way_out=_(
                "Enter it on paper in the register of secret documents, keep it on no computer with a network, and take"
                " its files out of the form. If the mark was read wrongly, write the abstract without it."
            ),
            mark=mark.upper(),
        )


def refuse_secrets(*, symbol: str = "", abstract: str = "", texts: Iterable[str] = ()) -> None:
    """`texts`: what was read of the files. Raises Secret."""
    found = secrecy.in_symbol(symbol) or secrecy.in_abstract(abstract)
    found = found or next(filter(None, map(secrecy.in_head, texts)), None)
    if found:
        raise Secret(found)
