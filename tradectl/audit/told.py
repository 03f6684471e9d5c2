"""What an audit in a container reads: who the parts are is in its environment, as for a part itself."""

from collections.abc import Mapping

from services.runtime.environment import Given
from tradectl.audit.snapshot import Sources


def told(environment: Mapping[str, str]) -> Sources | None:
    """None where no parts are named; FileNotFoundError names a secret that is not there."""
    if "TRADECTL_URLS" not in environment:
        return None
    given = Given(environment)
    provider_key = given.names("TRADECTL_OPTIONS").get("provider_key", "")
    return Sources(given.names("TRADECTL_URLS"), given.filled(environment.get("TRADECTL_KEY", "")), provider_key)
