"""The use cases of accounts: the only code that writes them."""

from lienthong.identity.services.cast import Settled, settle_cast

__all__ = ["Settled", "settle_cast"]
