"""A supervisor over parts of the tests' own: `python -m tests.integration.tradectl.supervised NAME SUPERVISOR NAME`.

It ends as a supervisor's command does: by its module and the name its processes are known.
"""

import sys

from services.contracts.manifest import ServiceManifest
from tests.integration.tradectl import parts
from tradectl.stack import children, supervisor, warm
from tradectl.stack.topology import of

ENTRY = f"{parts.__name__}:run"
TOPOLOGY = of(
    [
        ServiceManifest(name="clock", title="", entry=f"{parts.__name__}:clock", kind="simulator"),
        ServiceManifest(name="orders", title="", entry=ENTRY, calls=("chat",)),
        ServiceManifest(name="chat", title="", entry=ENTRY),
    ]
)

if __name__ == "__main__":
    vars(children).update(platform=lambda: TOPOLOGY)
    vars(warm).update(LIBRARIES=f"{parts.__name__}:libraries")
    sys.exit(supervisor.main(sys.argv[1]))
