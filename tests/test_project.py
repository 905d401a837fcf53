"""What holds for the project as a whole."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
ORDER = ["organizations", "members", "activities"]
# what an app may import of config: small helpers, nothing of the domain
ALLOWED = {app: {*ORDER[: place + 1], "config"} for place, app in enumerate(ORDER)} | {"config": {"config"}}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PDF = PROJECT["project"]["optional-dependencies"]["pdf"]
# the site puts the apps together in these
FRAME = {
    "config/management/commands/start.py",
    "config/unsent.py",  # seals what was typed with the keys of members
}


def imported_rooms(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("room", ALLOWED)
def test_code_imports_one_way(room):
    wrong = {
        f"{path.relative_to(ROOT)} → {found}"
        for path in (ROOT / room).rglob("*.py")
        if str(path.relative_to(ROOT)) not in FRAME
        for found in imported_rooms(path)
        if found in ALLOWED and found not in ALLOWED[room]
    }

    assert wrong == set()


def locked(name):
    """{package: version} of a requirements file, with what stands wrong in it."""
    text = (ROOT / name).read_text()
    entries = re.split(r"\n(?=\S)", text.replace("\\\n", ""))
    pinned, unhashed = {}, []
    for entry in entries:
        match = re.match(r"([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==(\S+)", entry)
        if match:
            pinned[match[1].lower().replace("_", "-")] = match[2]
            if "--hash=sha256:" not in entry:
                unhashed.append(match[1])
    return pinned, unhashed, re.findall(r"https?://\S+", text)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("requirements.txt", PROJECT["project"]["dependencies"]),
        ("requirements-pdf.txt", PROJECT["project"]["dependencies"] + PDF),
        (
            "requirements-dev.txt",
            PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"] + PDF,
        ),
    ],
)
def test_locked_requirements_fit_the_project_with_hashes_and_without_addresses(name, wanted):
    pinned, unhashed, addresses = locked(name)

    missing = [
        line
        for line in wanted
        if (requirement := Requirement(line)).name not in pinned
        or pinned[requirement.name] not in requirement.specifier
    ]

    assert (missing, unhashed, addresses) == ([], [], [])


@pytest.mark.parametrize("name", ["requirements-pdf.txt", "requirements-dev.txt"])
def test_locked_requirements_agree_with_those_of_the_site(name):
    pinned, _unhashed, _addresses = locked("requirements.txt")
    more, _unhashed, _addresses = locked(name)

    assert {package: more.get(package) for package in pinned} == pinned


def test_no_page_of_ours_loads_anything_from_another_host():
    pages = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "config" / "static").rglob("*.*")]
    outside = re.compile(r"""(?:src|href|url\()\s*=?\s*["'(]?(?:https?:)?//""")

    assert pages
    assert [str(page) for page in pages if outside.search(page.read_text())] == []


def test_no_page_of_ours_has_inline_script_or_style():
    pages = list((ROOT / "templates").rglob("*.html"))
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)(?![^>]*application/json)")

    assert [str(page) for page in pages if inline.search(page.read_text())] == []
