"""What both terminals are built on: an app with our themes, which draws with ASCII alone where it must."""

from collections.abc import Sequence

from textual.app import App
from textual.filter import LineFilter

from tradectl.looks import glyphs, themes


class Themed(App[None]):
    """A theme that is not known is the default."""

    def __init__(self, theme: str, *, ascii_only: bool) -> None:
        super().__init__()
        glyphs.use_ascii(ascii_only)
        for each in themes.THEMES:
            self.register_theme(each)
        self.theme = theme if theme in self.available_themes else themes.DEFAULT

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.FALLBACK

    def get_line_filters(self) -> Sequence[LineFilter]:
        """With ASCII alone, borders and bars of every widget are drawn by it too."""
        filters = super().get_line_filters()
        return [*filters, glyphs.AsciiFilter()] if glyphs.ascii_only() else filters

    def action_next_theme(self) -> None:
        """The next of our themes."""
        names = themes.NAMES
        self.theme = names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else names[0]
