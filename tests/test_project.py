"""The promises that the project's own files make to each other."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def pins(name: str) -> dict[str, Version]:
    return {
        match[1].lower(): Version(match[2]) for match in re.finditer(r"^([\w.-]+)==([^\s;\\]+)", (ROOT / name).read_text(), re.M)
    }


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("requirements.txt", PROJECT["dependencies"]),
        ("requirements-dev.txt", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]),
    ],
)
def test_every_dependency_is_pinned_within_its_range_and_with_hashes(file, wanted):
    pinned = pins(file)

    unfit = [
        text
        for text in wanted
        if not Requirement(text).specifier.contains(pinned.get(Requirement(text).name.lower(), Version("0")))
    ]
    assert unfit == []
    text = (ROOT / file).read_text()
    assert text.count("--hash=sha256:") >= len(pinned)
    assert "http" not in text


def test_tests_run_what_is_served():
    served, tested = pins("requirements.txt"), pins("requirements-dev.txt")

    assert {name: tested.get(name) for name in served} == served


def test_every_dependency_states_its_reason():
    lines = (ROOT / "pyproject.toml").read_text().split("dependencies = [", 1)[1].split("]\n", 1)[0].splitlines()
    named = [line for line in lines if line.strip().startswith('"')]

    fixed_by_the_brief = {"wagtail", "django", "pillow"}
    silent = [
        line
        for line in named
        if "  # " not in line and Requirement(line.strip().strip(",").strip('"')).name not in fixed_by_the_brief
    ]
    assert silent == []


def test_the_readme_names_only_targets_that_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"make ([a-z-]+)", (ROOT / "README.md").read_text()))

    assert named - targets - {"it"} == set()


def test_the_documents_link_only_to_what_exists():
    for document in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_top_of_the_tree_is_as_agreed():
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}

    assert folders - {"node_modules", "__pycache__"} == {
        "hub",
        "pages",
        "people",
        "discussion",
        "templates",
        "media",
        "tests",
        "docs",
    }


@pytest.mark.xdist_group("kept together")
def test_the_worker_that_gets_a_test_is_chosen_by_its_group(request):
    """Groups that are passed over fail nothing: two workers start two servers, and build the same world twice."""
    in_worker = hasattr(request.config, "workerinput")
    assert request.node.nodeid.endswith("@kept together") == in_worker
