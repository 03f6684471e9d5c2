"""What pytest sees: options, fixtures, and what is told of a test that failed."""

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from tradectl.scenario.stage import Stage
    from tradectl.testing.clock import Clock
    from tradectl.testing.faults import Faults
    from tradectl.testing.sandbox import Sandbox
    from tradectl.testing.trader import Trader, Traders

    STAGE: pytest.StashKey[Stage]
STAGE = pytest.StashKey()
Scope = Literal["session", "module"]
MONEY = {"USD": "100000", "USDT": "100000"}
"""What `trader` has."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the command line, and of pytest.ini or pyproject.toml."""
    group = parser.getgroup("tradectl", "a trading platform for tests")
    group.addoption(
        "--tradectl-sandbox", metavar="NAME", help="use this sandbox, which is up and stays so, and start none"
    )
    group.addoption(
        "--tradectl-backend", choices=("embedded", "containers", "external"), help="where the sandbox's parts run"
    )
    parser.addini("tradectl_up", "options of `tradectl up` for the sandbox", type="args", default=[])
    parser.addini("tradectl_settings", "limits, one a line: orders.max_open=2", type="linelist", default=[])
    parser.addini("tradectl_scope", "one sandbox a `session` or `module`", default="session")
    parser.addini("tradectl_audit", "audit after each test that used the sandbox", type="bool", default=False)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Where the project wants it, each test that uses the sandbox is audited."""
    names: list[str] = getattr(item, "fixturenames", [])
    if "sandbox" in names and "audited" not in names and item.config.getini("tradectl_audit"):
        names.append("audited")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure comes with what happened, and how to look into it."""
    report = yield
    if report.failed and has_ours(item):
        from tradectl.testing.telling import next_of, sections

        config = item.config
        options = ["--backend", backend_of(config), *config.getini("tradectl_up")]
        next_steps = next_of(item.nodeid, config.getoption("--tradectl-sandbox"), options)
        report.sections += sections(report.when, item.stash.get(STAGE, None), next_steps)
    return report


def has_ours(item: pytest.Item) -> bool:
    """Whether the test has our sandbox, and not another fixture of this name."""
    found = getattr(item, "funcargs", {}).get("sandbox")
    return STAGE in item.stash or type(found).__module__ == "tradectl.testing.sandbox"


def backend_of(config: pytest.Config) -> str:
    """What the command line says, else the environment, else what needs no Docker."""
    return str(config.getoption("--tradectl-backend") or os.environ.get("TRADECTL_BACKEND") or "embedded")


def scope_of(fixture_name: str, config: pytest.Config) -> Scope:  # noqa: ARG001 (pytest calls it by these names)
    """How long a sandbox lives."""
    scope: Scope = config.getini("tradectl_scope")
    return scope


@pytest.fixture(scope=scope_of)
def sandbox(pytestconfig: pytest.Config) -> Iterator["Sandbox"]:
    """A platform that is up: addresses, audit, digest, and the tool's own verbs."""
    from tradectl.testing.running import existing, started

    name = pytestconfig.getoption("--tradectl-sandbox")
    if name is not None:
        yield existing(name)
        return
    options, settings = pytestconfig.getini("tradectl_up"), pytestconfig.getini("tradectl_settings")
    with started(backend_of(pytestconfig), options, settings) as found:
        yield found


@pytest.fixture
def audited(sandbox: "Sandbox") -> Iterator[None]:
    """When the test is over, its faults have ended and market time goes on, every account must agree with the venue."""
    yield
    sandbox.audit()


@pytest.fixture
def tradectl_stage(request: pytest.FixtureRequest, sandbox: "Sandbox") -> Iterator["Stage"]:
    """The users of one test and what they asked for, as a scenario has them."""
    from tradectl.testing.trader import empty_stage

    made = empty_stage(sandbox.target)
    request.node.stash[STAGE] = made
    yield made
    made.close()


@pytest.fixture
def new_trader(tradectl_stage: "Stage") -> "Traders":
    """Makes traders, each registered, logged in and funded."""
    from tradectl.testing.trader import Traders

    return Traders(tradectl_stage)


@pytest.fixture
def trader(new_trader: "Traders") -> "Trader":
    """A trader of this test alone, registered, logged in, with 100,000 USD and as many USDT."""
    return new_trader("trader", deposit=MONEY)


@pytest.fixture
def clock(request: pytest.FixtureRequest, sandbox: "Sandbox") -> Iterator["Clock"]:
    """The market's clock, which goes on after the test as it did before."""
    from tradectl.testing.clock import Clock

    outlived_by(request, "audited")
    made = Clock(sandbox.endpoints["clock.http"])
    before = made.state
    yield made
    made.restore(before)


@pytest.fixture
def fault(request: pytest.FixtureRequest, sandbox: "Sandbox") -> Iterator["Faults"]:
    """Breaks something on purpose; all of it is over, and the platform whole, before the next test."""
    from tradectl.testing.faults import Faults

    outlived_by(request, "audited", "clock")
    made = Faults(sandbox.target.here)
    yield made
    made.end()


def outlived_by(request: pytest.FixtureRequest, *others: str) -> None:
    """Those of them that the test uses end after this fixture, in whatever order it names them."""
    for name in others:
        if name in request.fixturenames:
            request.getfixturevalue(name)
