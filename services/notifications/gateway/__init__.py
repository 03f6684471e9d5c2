"""What leaves the platform: mail to a relay, pushes to the endpoints of browsers."""

from services.notifications.gateway.mail import Mailer, mail
from services.notifications.gateway.office import Office
from services.notifications.gateway.push import Pusher

__all__ = ["Mailer", "Office", "Pusher", "mail"]
