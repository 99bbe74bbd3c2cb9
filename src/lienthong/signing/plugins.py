"""A registry of plug-ins of one kind, each with a pydantic model of its options."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, Generic, Protocol, TypeVar

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, ValidationError

from lienthong.foundation.errors import DomainError
from lienthong.signing.definition import PluginChoice


class UnknownPlugin(DomainError):
    code = "signing.unknown_plugin"


class BadOptions(DomainError):
    code = "signing.bad_options"


class Options(BaseModel):
    """What a plug-in lets an installation set."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Plugin(Protocol):
    key: ClassVar[str]
    Options: ClassVar[type[Options]]


P = TypeVar("P", bound=Plugin)


class Registry(Generic[P]):
    """The plug-ins of one kind by their keys."""

    def __init__(self) -> None:
        self._known: dict[str, type[P]] = {}

    def register(self, plugin: type[P]) -> type[P]:
        if plugin.key in self._known:
            raise ValueError(f"there is a plug-in {plugin.key} already")
        self._known[plugin.key] = plugin
        return plugin

    @contextmanager
    def registered(self, plugin: type[P]) -> Iterator[None]:
        """Know a plug-in for a while: tests and trial runs."""
        self.register(plugin)
        try:
            yield
        finally:
            del self._known[plugin.key]

    def keys(self) -> list[str]:
        return sorted(self._known)

    def make(self, choice: PluginChoice) -> P:
        """The chosen plug-in with its options. Raises UnknownPlugin, BadOptions."""
        try:
            plugin = self._known[choice.plugin]
        except KeyError as error:
            raise UnknownPlugin(
                _("There is no plug-in “%(key)s”. Known are: %(known)s."),
                key=choice.plugin,
                known=", ".join(self.keys()),
            ) from error
        try:
            options = plugin.Options.model_validate(choice.options)
        except ValidationError as error:
            raise BadOptions(
                _("The options of the plug-in “%(key)s” are wrong: %(why)s"), key=choice.plugin, why=str(error)
            ) from error
        return plugin(options)  # type: ignore[call-arg]
