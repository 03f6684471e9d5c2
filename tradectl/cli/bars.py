"""A bar on stderr for each thing that comes over the network, gone when all of them are here."""

from rich.progress import BarColumn, Progress, TaskID, TextColumn

from tradectl.cli.output import escaped, stderr

WHOLE = 100


class Bars:
    """Drawn while anything is under way."""

    def __init__(self) -> None:
        self._drawn: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def show(self, name: str, text: str, percent: int) -> None:
        """How far one of them is."""
        drawn = self._drawn = self._drawn or self._begun()
        if name not in self._tasks:
            self._tasks[name] = drawn.add_task(f"{name:<16}", total=WHOLE, text=escaped(text))
        drawn.update(self._tasks[name], completed=percent)
        if drawn.finished:
            self.end()

    def end(self) -> None:
        """Give the terminal back, whatever is still missing."""
        if self._drawn is not None:
            self._drawn.stop()
        self._drawn, self._tasks = None, {}

    @staticmethod
    def _begun() -> Progress:
        columns = (
            TextColumn("  {task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} % [dim]{task.fields[text]}"),
        )
        drawn = Progress(*columns, console=stderr())
        drawn.start()
        return drawn


BARS = Bars()
