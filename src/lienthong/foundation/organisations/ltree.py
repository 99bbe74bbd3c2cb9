"""PostgreSQL's ltree as a model field: paths in a tree, compared by index."""

from typing import Any

from django.db import models


class LtreeField(models.Field[str, str]):
    """A path of labels separated by dots. `field__within` is everything at or below a path."""

    description = "A path in a tree (ltree)"

    def db_type(self, connection: Any) -> str:
        return "ltree"


@LtreeField.register_lookup
class Within(models.Lookup[str]):
    lookup_name = "within"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} <@ {right}::ltree", (*left_params, *right_params)


@LtreeField.register_lookup
class WithinAny(models.Lookup[str]):
    """At or below any of a list of paths."""

    lookup_name = "within_any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        return f"{left} <@ %s::ltree[]", (*left_params, list(self.rhs))
