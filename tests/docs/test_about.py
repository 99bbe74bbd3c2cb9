"""What stands at the front: the two READMEs, the changelog, publiccode.yml."""

import re
import tomllib

from ruamel.yaml import YAML

from tests.docs.pages import CHECKOUT, Page

ENGLISH, VIETNAMESE = Page(CHECKOUT / "README.md"), Page(CHECKOUT / "README.vi.md")
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
PUBLICCODE = YAML(typ="safe").load((CHECKOUT / "publiccode.yml").read_text())
WORDS_A_MINUTE = 220


def test_both_readmes_have_the_same_parts_pictures_links_and_commands():
    assert len(ENGLISH.headings) == len(VIETNAMESE.headings)
    own = {"README.md", "README.vi.md"}
    assert set(ENGLISH.links) - own == set(VIETNAMESE.links) - own
    assert [block.text for block in ENGLISH.blocks] == [block.text for block in VIETNAMESE.blocks]
    for pattern in (r"^\d\. \*\*", r"^\| `"):
        assert len(re.findall(pattern, ENGLISH.text, re.MULTILINE)) == len(
            re.findall(pattern, VIETNAMESE.text, re.MULTILINE)
        )


def test_a_newcomer_reads_it_in_three_minutes():
    assert len(ENGLISH.prose.split()) <= 3 * WORDS_A_MINUTE


def test_the_folders_that_it_names_exist():
    for page in (ENGLISH, VIETNAMESE):
        for line in re.findall(r"^\| (`[^|]+) \|", page.text, re.MULTILINE):
            names = re.findall(r"`([^`]+)`", line)
            around = CHECKOUT / names[0].rpartition("/")[0]
            assert all((CHECKOUT / name).exists() or (around / name).exists() for name in names), line


def test_licence_and_version_are_the_same_everywhere():
    assert PUBLICCODE["legal"]["license"] == PROJECT["license"] == "EUPL-1.2"
    assert PUBLICCODE["softwareVersion"] == PROJECT["version"]
    changelog = (CHECKOUT / "CHANGELOG.md").read_text()
    assert f"## [{PROJECT['version']}]" in changelog or "## [Unreleased]" in changelog


def test_publiccode_has_what_the_standard_asks_for():
    """By the standard's schema of version 0.4, whose mandatory keys and lengths these are."""
    needed = {"publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus", "softwareType"}
    assert needed | {"description", "legal", "maintenance", "localisation"} <= set(PUBLICCODE)
    assert PUBLICCODE["publiccodeYmlVersion"] == "0.4"
    assert PUBLICCODE["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert PUBLICCODE["softwareType"] == "standalone/web"
    for description in PUBLICCODE["description"].values():
        assert 0 < len(description["shortDescription"]) <= 150
        assert 150 <= len(description["longDescription"]) <= 10_000
        assert description["features"]
        assert all(len(feature) <= 100 for feature in description["features"])
    assert PUBLICCODE["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert PUBLICCODE["maintenance"]["contacts"]
    assert set(PUBLICCODE["localisation"]["availableLanguages"]) == set(PUBLICCODE["description"]) == {"vi", "en"}
