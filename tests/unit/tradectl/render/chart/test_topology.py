import json

from tradectl.render.chart.topology import parts
from tradectl.stack.topology import platform

FOUND = parts(platform())


def test_a_service_finds_its_schema_as_it_is() -> None:
    for each in FOUND["services"].values():
        assert json.loads(each["config"]["TRADECTL_OPTIONS"])["migrations"] == "check"


def test_the_hooks_open_every_schema_with_its_own_password() -> None:
    urls = json.loads(FOUND["migrations"]["config"]["TRADECTL_URLS"])
    assert set(urls) == {each["module"] for each in FOUND["services"].values() if each["database"]}
    assert all(f"<mysql_{name}>" in url and url.endswith(f"/{name}") for name, url in urls.items())
    assert FOUND["migrations"]["secrets"] == [f"mysql_{name}" for name in urls]


def test_an_environment_decides_on_servers_clock_and_the_outside_world() -> None:
    urls = json.loads(FOUND["services"]["orders"]["config"]["TRADECTL_URLS"])
    assert urls["clock"] == "{{ .Values.clock }}"
    assert "@{{ .Values.servers.primary }}:3306/orders" in urls["database"]
    assert urls["broker.fix"] == "{{ index .Values.outside.urls `broker.fix` | default `tcp://sim:8104` }}"
    assert urls["market_data"] == "http://market-data:8000"


def test_names_of_ports_are_short_enough_for_kubernetes() -> None:
    names = [name for each in (*FOUND["services"].values(), FOUND["sim"]) for name in each["ports"]]
    assert all(len(name) <= 15 and name.replace("-", "").isalnum() for name in names)
