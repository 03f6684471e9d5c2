"""The JSON that Grafana reads, by its own typed builders."""

import json
from collections.abc import Iterator

from grafana_foundation_sdk.builders import common, dashboard, logs, loki, prometheus, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import DataSourceRef, VariableRefresh, VariableSort

from tradectl.dashboards.model import LOKI, PROMETHEUS, Board, Panel, Query, Row, Variable

WIDTH, HEIGHT = 24, 8
"""Of Grafana's grid, and of a panel in it."""
REFRESH, SINCE = "30s", "now-1h"
TAG = "tradectl"
SOURCES = {name: DataSourceRef(type_val=name, uid=name) for name in (PROMETHEUS, LOKI)}


def text(board: Board) -> str:
    """The file of a dashboard, the same at each making."""
    document = json.loads(json.dumps(built(board).build(), cls=JSONEncoder))
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def built(board: Board) -> dashboard.Dashboard:
    """Rows one under another, panels of a row side by side."""
    made = (
        dashboard.Dashboard(board.title)
        .uid(board.uid)
        .description(board.text)
        .tags([TAG])
        .refresh(REFRESH)
        .time(SINCE, "now")
        .timezone("utc")
        .tooltip(1)  # type: ignore[arg-type]
        .readonly()
    )
    for variable in board.variables:
        made = made.with_variable(chosen(variable))
    for row in board.rows:
        made = made.with_row(dashboard.Row(row.title))
        for panel in drawn(row):
            made = made.with_panel(panel)
    return made


def chosen(variable: Variable) -> dashboard.QueryVariable:
    """A choice among a label's values."""
    return (
        dashboard.QueryVariable(variable.name)
        .query(f"label_values({variable.metric}, {variable.label})")
        .datasource(SOURCES[PROMETHEUS])
        .include_all(variable.all)
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.ALPHABETICAL_ASC)
    )


def drawn(row: Row) -> Iterator[timeseries.Panel | logs.Panel]:
    """Each as wide as the others of its row."""
    for panel in row.panels:
        yield _logs(panel, WIDTH // len(row.panels)) if is_log(panel) else _curves(panel, WIDTH // len(row.panels))


def is_log(panel: Panel) -> bool:
    """Whether it shows lines, and not what is counted of them."""
    return all(query.source == LOKI and query.expression.startswith("{") for query in panel.queries)


def _curves(panel: Panel, width: int) -> timeseries.Panel:
    made = (
        timeseries.Panel()
        .title(panel.title)
        .description(panel.text)
        .unit(panel.unit)
        .min(0)
        .span(width)
        .height(HEIGHT)
        .line_width(1)
        .fill_opacity(8)
        .legend(common.VizLegendOptions().show_legend(True))
        .datasource(SOURCES[panel.queries[0].source])
    )
    for place, query in enumerate(panel.queries):
        made = made.with_target(_asked(query, chr(ord("A") + place)))
    return made


def _asked(query: Query, name: str) -> prometheus.Dataquery | loki.Dataquery:
    if query.source == LOKI:
        return loki.Dataquery().expr(query.expression).legend_format(query.legend).ref_id(name)
    asked = prometheus.Dataquery().expr(query.expression).legend_format(query.legend).ref_id(name).range()
    return asked.exemplar("histogram_quantile" in query.expression)


def _logs(panel: Panel, width: int) -> logs.Panel:
    made = logs.Panel().title(panel.title).description(panel.text).span(width).height(HEIGHT).datasource(SOURCES[LOKI])
    for place, query in enumerate(panel.queries):
        made = made.with_target(_asked(query, chr(ord("A") + place)))
    return made.show_time(True).wrap_log_message(True)
