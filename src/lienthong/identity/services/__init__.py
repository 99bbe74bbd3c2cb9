"""The use cases of accounts: the only code that writes them."""

from lienthong.identity.services.accounts import NameTaken, PersonFacts, save_profile, sign_up
from lienthong.identity.services.cast import Settled, settle_cast
from lienthong.identity.services.officers import (
    DaysAreWrong,
    IsClosed,
    ManagesNobody,
    PasswordLink,
    correct_officer,
    create_administrator,
    create_officer,
    deactivate,
    end_post,
    give_post,
    make_password_link,
    reactivate,
    remove_second_factors,
)
from lienthong.identity.services.sign_in import TooManyGuesses, account_with

__all__ = [
    "DaysAreWrong",
    "IsClosed",
    "ManagesNobody",
    "NameTaken",
    "PasswordLink",
    "PersonFacts",
    "Settled",
    "TooManyGuesses",
    "account_with",
    "correct_officer",
    "create_administrator",
    "create_officer",
    "deactivate",
    "end_post",
    "give_post",
    "make_password_link",
    "reactivate",
    "remove_second_factors",
    "save_profile",
    "settle_cast",
    "sign_up",
]
