"""What a province may declare of messages: how each kind is worded, and by which channels people are reached."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, ValidationError

from lienthong.foundation.definitions import wording
from lienthong.foundation.definitions.registry import Body, Catalogue, Key, Kind, Problem, Shape
from lienthong.foundation.fields import trials
from lienthong.foundation.fields.expressions import TemplateText, template
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.references import references
from lienthong.notifications import gateways, kinds, rules


class Wording(Shape):
    """A message in words, with ${…} for what it tells."""

    title: TemplateText = Field(description="One line: the subject of an e-mail, the line of the list")
    text: TemplateText = Field(description="The message; an empty line begins a paragraph")
    short: TemplateText = Field(
        "", description="For an SMS: with what it tells at most 160 characters; empty: the title"
    )


class TemplateBody(Wording, Body):
    """The wording of one kind of message; its key is that of the kind."""

    in_english: Wording | None = Field(None, description="The same for those who chose English")

    def wording(self, language: str) -> Wording:
        return self.in_english if language == "en" and self.in_english else self


def check_template(body: TemplateBody, catalogue: Catalogue) -> Iterator[Problem]:
    kind = kinds.find(body.key)
    if kind is None:
        known = [each.key for each in kinds.all_kinds()]
        yield Problem(("key",), _there_is_no(_("There is no kind of message “%(key)s”"), body.key, known))
        return
    yield from _check_wording(body, kind.names, ())
    if body.in_english:
        yield from _check_wording(body.in_english, kind.names, ("in_english",))


def _check_wording(worded: Wording, names: Mapping[str, Any], place: tuple[str, ...]) -> Iterator[Problem]:
    for part in ("title", "text", "short"):
        text = getattr(worded, part)
        wrong = list(unreadable(text, names))
        yield from (Problem((*place, part), why) for why in wrong)
        if part == "short" and text and not wrong:
            length = len(rules.one_line(rules.plain(template(text).render(names))))
            if length > rules.SHORT:
                message = _("has %(length)s characters with the samples of its kind; an SMS holds %(most)s")
                yield Problem((*place, part), message % {"length": length, "most": rules.SHORT})


def unreadable(text: str, names: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a text that may read these names, each given with a sample."""
    for source in template(text).sources:
        unknown = [each.path[0] for each in references(source) if each.path[0] not in {*names, "today"}]
        if unknown:
            yield from (_there_is_no(_("there is no “%(key)s” to read here"), name, names) for name in unknown)
        else:
            yield from trials.check(FieldList((), names), source)


def _there_is_no(message: str, key: str, known: Iterable[str]) -> str:
    known = sorted(known)
    said = message % {"key": key}
    if near := get_close_matches(key, known, n=1):
        return said + _("; is it “%(near)s”?") % {"near": near[0]}
    return said + _("; there are: %(known)s.") % {"known": ", ".join(known)}


TEMPLATE = Kind("message-template", TemplateBody, title=gettext_lazy("wording of a message"), check=check_template)


class GatewayChoice(Shape):
    """Which gateway carries the messages of a channel, and how it is set up."""

    uses: Key = Field(description="Name of the gateway: file, mail, http, or one that was installed beside")
    options: dict[str, Any] = Field({}, description="What this gateway lets one set")


class ChannelBody(Body):
    """A way by which messages reach people outside the application."""

    reaches: rules.Reaches = Field(description="What it needs to know of a person: email, or mobile (a number)")
    full: bool = Field(True, description="Whether it carries the whole text; false: the short one")
    marks: bool = Field(True, description="Whether letters keep their Vietnamese marks")
    on: bool = Field(True, description="Whether people get messages this way until they turn it off")
    gateway: GatewayChoice

    @property
    def way(self) -> rules.Way:
        return rules.Way(self.key, self.reaches, self.on)


def check_channel(body: ChannelBody, catalogue: Catalogue) -> Iterator[Problem]:
    gateway = gateways.find(body.gateway.uses)
    if gateway is None:
        message = _there_is_no(_("There is no gateway “%(key)s”"), body.gateway.uses, gateways.keys())
        yield Problem(("gateway", "uses"), message)
        return
    if body.reaches not in gateway.reaches:
        yield Problem(("reaches",), _("This gateway reaches: %(reaches)s.") % {"reaches": ", ".join(gateway.reaches)})
    try:
        gateway.Options.model_validate(body.gateway.options)
    except ValidationError as error:
        for problem in wording.problems(error, gateway.Options, body.gateway.options):
            yield Problem(("gateway", "options", *problem.path), problem.message)


CHANNEL = Kind("message-channel", ChannelBody, title=gettext_lazy("channel of messages"), check=check_channel)
