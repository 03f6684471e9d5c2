"""The platform on servers that run already."""

from pathlib import Path

import pytest

from tests.e2e.tool import Tool
from tests.servers import NOTHING, owned
from tradectl.errors import ExitCode


def test_it_trades_on_the_servers_that_it_is_told_of_and_leaves_nothing_there(tmp_path: Path) -> None:
    tool = Tool(tmp_path / "home", "external")
    with owned(tmp_path / "owner") as servers:
        assert tool.ok("up", "--json", **servers.urls()).json["backend"] == "external"
        assert tool.ok("smoke", "--json").json["ok"] is True
        assert set(tool.ok("ps", "--json").json["servers"].values()) == {"running"}
        tool.ok("down", "--keep-data")
        tool.ok("up", "--quiet")
        assert tool.ok("audit", "--settled", "--json").json["clean"] is True
        tool.ok("down")
        assert servers.made() == NOTHING
    assert tool.leftovers() == []


@pytest.mark.parametrize("variable", ["TRADECTL_EXTERNAL_MYSQL", "TRADECTL_EXTERNAL_AMQP", "TRADECTL_EXTERNAL_REDIS"])
def test_a_server_that_nobody_names_is_asked_for(tool: Tool, variable: str) -> None:
    result = tool.run("up", TRADECTL_BACKEND="external")
    assert result.code == ExitCode.USAGE
    assert variable in result.err
    assert tool.leftovers() == []
