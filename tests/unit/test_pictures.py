"""A picture is the same as long as the screen is, and says what has changed."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from tests import pictures
from tests.pictures import Gallery, drawn, film, masked, rows_of


class Page(App[None]):
    """One line of markup."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.said = text

    def compose(self) -> ComposeResult:
        yield Static(self.said)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pictures, "ROOT", tmp_path)
    monkeypatch.setattr(pictures, "DRAWN", tmp_path / "build")
    return tmp_path


async def picture_of(text: str, *masks: str) -> str:
    app = Page(text)
    async with app.run_test(size=(40, 4)):
        return drawn([masked(row, masks) for row in rows_of(app)], "page")


async def test_the_same_screen_gives_the_same_picture() -> None:
    assert await picture_of("a [b]price[/b]") == await picture_of("a [b]price[/b]")


async def test_it_is_an_svg_with_each_text_at_its_column_as_wide_as_its_cells() -> None:
    root = ET.fromstring(await picture_of("价 <12>"))
    assert root.attrib["viewBox"] == "0 0 384 74"
    text = next(each for each in root.iter() if each.tag.endswith("}text"))
    assert text.text == "价 <12>"
    assert (text.attrib["x"], text.attrib["textLength"]) == ("0", "67.2")


async def test_colours_and_weights_are_part_of_it() -> None:
    plain = await picture_of("price")
    assert (
        len(
            {
                plain,
                await picture_of("[red]price[/]"),
                await picture_of("[b]price[/]"),
                await picture_of("[on red]price[/]"),
            }
        )
        == 4
    )


async def test_what_differs_by_run_is_hidden_cell_for_cell() -> None:
    clock = r"\d\d:\d\d"
    assert await picture_of("at [b]10:31[/b], up", clock) == await picture_of("at [b]22:07[/b], up", clock)
    assert await picture_of("at 10:31, up", clock) != await picture_of("at 10:31, down", clock)


async def test_a_picture_that_is_not_stored_fails_and_draw_stores_it(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "ROOT", place)
    monkeypatch.setattr(pictures, "DRAWN", place / "build")
    app = Page("price")
    async with app.run_test(size=(40, 4)):
        with pytest.raises(AssertionError, match=r"stored/page\.svg is not stored yet"):
            Gallery(place / "stored", draw=False).check(app, "page")
        Gallery(place / "stored", draw=True).check(app, "page")
        Gallery(place / "stored", draw=False).check(app, "page")


async def test_a_failure_says_which_rows_changed_and_keeps_the_picture(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "ROOT", place)
    monkeypatch.setattr(pictures, "DRAWN", place / "build")
    before, after = Page("price 12\nsame"), Page("price 13\nsame")
    async with before.run_test(size=(40, 4)):
        Gallery(place, draw=True).check(before, "page")
    async with after.run_test(size=(40, 4)):
        with pytest.raises(AssertionError) as caught:
            Gallery(place, draw=False).check(after, "page")
    said = str(caught.value)
    assert "price 12" in said
    assert "price 13" in said
    assert "same" not in said
    assert (place / "build" / "page.svg").exists()


async def test_a_film_shows_each_picture_for_its_time() -> None:
    app = Page("price")
    async with app.run_test(size=(40, 4)):
        root = ET.fromstring(film([rows_of(app)] * 2, "page", 3))
    groups = [each for each in root if each.tag.endswith("}g")]
    assert [group.attrib["style"] for group in groups] == ["animation-delay:-6s", "animation-delay:-3s"]
    assert all("price" in "".join(group.itertext()) for group in groups)
