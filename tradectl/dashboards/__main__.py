"""`python -m tradectl.dashboards`: every dashboard's file, written anew."""

from pathlib import Path

from tradectl.dashboards.boards import BOARDS
from tradectl.dashboards.grafana import text

FOLDER = Path(__file__).parents[2] / "compose" / "observability" / "grafana" / "dashboards"


def main() -> None:
    """One file a dashboard; what is no dashboard any more is removed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file in FOLDER.glob("*.json"):
        file.unlink()
    for board in BOARDS:
        (FOLDER / f"{board.uid}.json").write_text(text(board), encoding="utf-8")


if __name__ == "__main__":
    main()
