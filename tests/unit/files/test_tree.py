"""A folder as a tree that fits into a message."""

from __future__ import annotations

from bot.files.tree import Entry, draw_tree, size


def folder(path: str) -> Entry:
    return Entry(path, "folder", 4096)


def file(path: str, size_bytes: int = 5) -> Entry:
    return Entry(path, "file", size_bytes)


def test_a_tree_looks_like_one() -> None:
    """What is in a folder stands below it, in the order of names."""
    tree = draw_tree(
        [file("a-b"), file("a/y"), folder("a"), folder("a/x"), file("a/x/z"), Entry("l", "link", 1)]
    )
    assert tree.lines == (
        "├─ a/",
        "│  ├─ x/",
        "│  │  └─ z  5 B",
        "│  └─ y  5 B",
        "├─ a-b  5 B",
        "└─ l ↪",
    )
    assert tree.hidden == 0


def test_what_has_no_room_is_counted() -> None:
    """The deepest levels go first."""
    deep = [folder("d"), *(file(f"d/{n:03}") for n in range(100)), file("top")]
    assert draw_tree(deep).lines == ("├─ d/", "└─ top  5 B")
    assert draw_tree(deep).hidden == 100
    wide = draw_tree([file(f"{n:04}") for n in range(1000)])
    assert (len(wide.lines), wide.hidden) == (45, 955)


def test_hostile_names_stay_on_their_line() -> None:
    """Long ones are cut; what can't be seen is gone."""
    (line,) = draw_tree([file("x\u202e\u200b" + "y" * 400)]).lines
    assert "\u202e" not in line
    assert len(line) < 70


def test_sizes_read_as_people_say_them() -> None:
    """In powers of 1,024."""
    assert [size(n) for n in (0, 1023, 1536, 20_480, 8 * 2**20)] == [
        "0 B", "1023 B", "1.5 KiB", "20 KiB", "8.0 MiB",
    ]  # fmt: skip
