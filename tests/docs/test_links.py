"""Where pages point there is something, and what they tell people to type exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.__main__ import COMMANDS, main
from tests.docs.checks import exists
from tests.docs.markdown import PAGES, ROOT, anchors, code, links

TEXT = {page: page.read_text(encoding="utf-8") for page in PAGES}
FOLDERS = ("bot", "commands", "queries", "tests", "docs", "bench", "requirements", ".ci")
_NO_FOLDER = re.compile(r"\..*|__pycache__|build|dist|.*\.egg-info")


def _name(page: object) -> str:
    return str(page.relative_to(ROOT)) if isinstance(page, Path) else ""


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    """Each link to a file finds it, and one to a heading finds the heading."""
    lost = [link for link in links(TEXT[page]) if ":" not in link and not _found(page, link)]
    assert lost == []


def _found(page: Path, link: str) -> bool:
    path, _, heading = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.is_relative_to(ROOT) or not target.exists():
        return False
    return not heading or heading in anchors(target.read_text(encoding="utf-8"))


def test_the_folders_are_those_that_there_are() -> None:
    """The map's list of folders names every folder of the tree once, and no other."""
    named = re.findall(r"^\| `(\w+)/` \|", TEXT[ROOT / "ARCHITECTURE.md"], re.MULTILINE)
    there = [each.name for each in ROOT.iterdir() if each.is_dir() and any(each.iterdir())]
    assert sorted(named) == sorted(name for name in there if not _NO_FOLDER.fullmatch(name))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_folders_and_files_in_words_exist(page: Path) -> None:
    """A path of the repository that a page names is there; NAME stands for any name."""
    ours = re.compile(rf"(?:{'|'.join(map(re.escape, FOLDERS))})/[\w/.]*")
    lost = [each for each in code(TEXT[page]) if ours.fullmatch(each) and not _is_there(each)]
    assert lost == []


def _is_there(path: str) -> bool:
    return path == "queries/pace.py" or any(ROOT.glob(path.replace("NAME", "*")))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_test_named_exists(page: Path) -> None:
    """A test that a page names, as what keeps its word, is there under this name."""
    named = [each for each in code(TEXT[page]) if re.fullmatch(r"tests/[\w/]+\.py::\w+", each)]
    assert [each for each in named if not exists(each)] == []


def _shown() -> list[tuple[str, str]]:
    """Every `plainlogs COMMAND …` that a page shows, with the rest of its line."""
    found = [
        match
        for text in TEXT.values()
        for line in code(text)
        for match in re.findall(r"(?:^|/)plainlogs ([a-z]+)(.*)", line)
    ]
    return sorted(set(found))


@pytest.mark.parametrize(("name", "rest"), _shown())
def test_every_command_shown_exists(
    name: str, rest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command that a page shows has help, which names each of the options shown."""
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert [option for option in re.findall(r"--[a-z]+", rest) if option not in said] == []


def test_every_option_named_alone_exists(capsys: pytest.CaptureFixture[str]) -> None:
    """An option that a page names without its command belongs to a command or to the benchmark."""
    for name in COMMANDS:
        with pytest.raises(SystemExit):
            main([name, "--help"])
    benchmark = (ROOT / "bench" / "__main__.py").read_text(encoding="utf-8")
    known = set(re.findall(r"--[a-z]+", capsys.readouterr().out + benchmark))
    named = {line.split()[0] for text in TEXT.values() for line in code(text) if line[:2] == "--"}
    assert {"--json", "--xlsx", "--at"} <= named <= known


def test_every_make_target_shown_exists() -> None:
    """What a page tells people to make is a target of the Makefile."""
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    lines = [line for text in TEXT.values() for line in code(text)]
    shown = {match[1] for line in lines if (match := re.fullmatch(r"make (\w+)", line))}
    assert {"demo", "test"} <= shown <= set(targets)
