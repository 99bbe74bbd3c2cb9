import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.cli import translations
from lienthong.runtime import catalogues

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy as _later, ngettext, pgettext, npgettext_lazy
a = _("Dossier")
b = _later("Due on %(day)s")
c = ngettext("%(n)d dossier", "%(n)d dossiers", 3)
d = pgettext("of a form", "Number")
e = npgettext_lazy("of a form", "copy", "copies", 2)
f = _(variable)
g = _("") + _(f"made {up}")
"""
TEMPLATE = """
{% load i18n %}
<h1>{% trans "Home" %}</h1>{% translate "Search" as search %}
  {% if x %}
{% blocktranslate with name=person.name count n=list|length trimmed %}
   One dossier of {{ name }}
{% plural %}
   {{ n }} dossiers of {{ name }}
{% endblocktranslate %}
    {% endif %}
<c-button :label="_('Save')" title="{% trans 'Keep' context 'of a form' %}" />
{{ value|default:_("nothing yet") }}
"""
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A module with texts and a catalogue to fill."""
    room = tmp_path / "loans"
    (room / "templates" / "loans").mkdir(parents=True)
    monkeypatch.setattr(catalogues, "PACKAGE", tmp_path)
    monkeypatch.setattr(translations, "rooms", lambda: iter([room]))
    return room


def write_catalogue(room, entries):
    path = translations.catalogue_path(room)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + entries, encoding="utf-8")


def keys(room):
    return set(translations.texts_of(room))


def test_every_way_to_mark_a_text_in_python_is_seen(room):
    (room / "rules.py").write_text(PYTHON)
    assert keys(room) == {
        ("", "Dossier"),
        ("", "Due on %(day)s"),
        ("", ("%(n)d dossier", "%(n)d dossiers")),
        ("of a form", "Number"),
        ("of a form", ("copy", "copies")),
    }


def test_every_way_to_mark_a_text_in_a_template_is_seen(room):
    (room / "templates" / "loans" / "list.html").write_text(TEMPLATE)
    assert keys(room) == {
        ("", "Home"),
        ("", "Search"),
        ("", ("One dossier of %(name)s", "%(n)s dossiers of %(name)s")),
        ("", "Save"),
        ("of a form", "Keep"),
        ("", "nothing yet"),
    }


def test_a_text_is_named_by_the_place_where_it_stands(room):
    (room / "rules.py").write_text("from django.utils.translation import gettext as _\n\n\nx = _('Dossier')\n")
    write_catalogue(room, "")
    assert list(translations.faults_of(room)) == [f"{room}/rules.py:4: 'Dossier' has no translation"]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "Due on %(day)s"\nmsgstr "Hẹn trả ngày %(day)s"\n', None),
        ('msgid "Due on %(day)s"\nmsgstr ""\n', "no translation"),
        ('msgid "Due"\nmsgstr "Hẹn trả"\n', "no translation"),
        ('#, fuzzy\nmsgid "Due on %(day)s"\nmsgstr "Hẹn trả ngày %(day)s"\n', "uncertain"),
        ('msgid "Due on %(day)s"\nmsgstr "Hẹn trả ngày %(date)s"\n', "placeholders"),
        ('msgid "Due on %(day)s"\nmsgstr "Hẹn trả"\n', "placeholders"),
    ],
)
def test_a_translation_must_be_there_certain_and_complete(room, entry, fault):
    (room / "rules.py").write_text("from django.utils.translation import gettext as _\nx = _('Due on %(day)s')\n")
    write_catalogue(room, entry)
    found = list(translations.faults_of(room))
    assert found == [] if fault is None else len(found) == 1 and fault in found[0]


def test_a_module_without_a_catalogue_is_named_only_when_it_has_texts(room):
    assert list(translations.faults_of(room)) == []
    (room / "rules.py").write_text("from django.utils.translation import gettext as _\nx = _('Due')\n")
    assert "is missing" in next(translations.faults_of(room))


def test_bringing_a_catalogue_in_step_keeps_its_translations(room):
    (room / "rules.py").write_text("from django.utils.translation import gettext as _\nx = _('Due'), _('Late')\n")
    write_catalogue(room, '# asked the office\nmsgid "Due"\nmsgstr "Hẹn trả"\n\nmsgid "Gone"\nmsgstr "Đã bỏ"\n')
    assert translations.update() == 0
    text = translations.catalogue_path(room).read_text(encoding="utf-8")
    catalogue = translations.read(translations.catalogue_path(room))
    assert catalogue["Due"].string == "Hẹn trả" and catalogue["Late"].string == ""
    assert catalogue["Gone"] is None and '#~ msgid "Gone"' in text and "asked the office" in text
    before = text
    assert translations.update() == 0
    assert translations.catalogue_path(room).read_text(encoding="utf-8") == before


def test_the_same_text_translated_in_two_ways_is_noticed(tmp_path, monkeypatch):
    rooms = [tmp_path / "cases", tmp_path / "work"]
    for room, word in zip(rooms, ("Hạn", "Hẹn"), strict=True):
        write_catalogue(room, f'msgid "Due"\nmsgstr "{word}"\n')
    monkeypatch.setattr(translations, "rooms", lambda: iter(rooms))
    (conflict,) = translations.conflicts()
    assert "Hạn" in conflict and "Hẹn" in conflict
    assert translations.check() == 1


@given(
    st.lists(st.sampled_from(["%(day)s", "%(n)d", "{name}", "%s", "100%%", " và ", "đồng"]), max_size=6).map("".join)
)
@settings(max_examples=100)
def test_a_text_has_the_placeholders_of_itself_in_any_case_of_its_other_letters(text):
    assert translations.placeholders(text) == translations.placeholders("Kính gửi " + text + ".")


def test_the_rooms_inside_foundation_have_catalogues_of_their_own(tmp_path):
    for room in ("cases", "foundation/fields", "foundation/__pycache__", "_drafts"):
        (tmp_path / room).mkdir(parents=True)
    names = [room.relative_to(tmp_path).as_posix() for room in catalogues.rooms(tmp_path)]
    assert names == ["cases", "foundation", "foundation/fields"]
