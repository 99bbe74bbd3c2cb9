"""Searching without accents: "giay phep xay dung" finds "Giấy phép xây dựng"."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import Func, TextField, Value


class Fold(Func):
    """Text in small letters without accents, đ as d. The function `lt_fold` of migration files.0001_initial."""

    function = "lt_fold"
    arity = 1
    output_field = TextField()


def query(words: str) -> SearchQuery:
    """What somebody typed into a search box: all words; "…" for a phrase, OR, and - to exclude."""
    return SearchQuery(Fold(Value(words.replace("\0", ""))), config="simple", search_type="websearch")
