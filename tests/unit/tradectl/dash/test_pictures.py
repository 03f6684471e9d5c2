"""Each tab looks as it is stored, in both languages, on the smallest terminal and on a large one."""

import pytest

from tests.pictures import Gallery
from tests.unit.tradectl.dash.lifelike import ORDER, Lifelike
from tests.unit.tradectl.dash.showing import settled, showing
from tradectl.dash.app import PANES, Settings
from tradectl.dash.order import OrderPane
from tradectl.looks.languages import LANGUAGES

SIZES = ((80, 24), (160, 48))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PANES)
async def test_a_tab_looks_as_it_is_stored(gallery: Gallery, name: str, language: str, size: tuple[int, int]) -> None:
    async with showing(Lifelike(), name, size, Settings(language)) as pilot:
        if name == "order":
            pilot.app.query_one(OrderPane).want(ORDER)
            await settled(pilot)
        gallery.check(pilot.app, f"{name}-{language}-{size[0]}x{size[1]}")


async def test_without_unicode_it_looks_as_it_is_stored(gallery: Gallery) -> None:
    async with showing(Lifelike(), "metrics", SIZES[0], Settings(ascii=True)) as pilot:
        gallery.check(pilot.app, "metrics-ascii-80x24")


async def test_for_the_colour_blind_it_looks_as_it_is_stored(gallery: Gallery) -> None:
    async with showing(Lifelike(), "resources", SIZES[0], Settings(theme="safe")) as pilot:
        gallery.check(pilot.app, "resources-safe-80x24")
