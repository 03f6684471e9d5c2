"""Both couriers, as the service wires them."""

from collections.abc import Sequence

from services.kernel.service import Service
from services.notifications import handlers
from services.notifications.gateway.figures import measure
from services.notifications.gateway.mail import Mailer
from services.notifications.gateway.push import Pusher
from services.notifications.handlers import pushes
from services.runtime.clock import wall
from services.runtime.resources import Loop


class Office:
    """Mail and pushes wait in lists of their own: what holds up the one does not hold up the other."""

    def __init__(self, service: Service) -> None:
        self._database = service.database
        figures = measure(service, (Mailer.channel, Pusher.channel))
        self.created = figures.created
        self._couriers = (Mailer(service, figures), Pusher(service, figures))

    @property
    def tasks(self) -> Sequence[Loop]:
        """Loops for life."""
        return [courier.run for courier in self._couriers]

    def wake(self) -> None:
        """Something is due."""
        for courier in self._couriers:
            courier.wake()

    async def settled(self) -> dict[str, object]:
        """What is to leave now; what was refused waits for its next time."""
        now = wall()
        return {
            "mails": await handlers.count_due(self._database, now),
            "pushes": await pushes.count_due(self._database, now),
        }
