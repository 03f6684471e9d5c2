"""What forum and chat is."""

from services.contracts.events import auth, chat
from services.contracts.manifest import ServiceManifest

MANIFEST = ServiceManifest(
    name="chat",
    title="Forum and chat",
    entry="services.chat.app:run",
    needs=("auth",),
    database=True,
    yields=True,
    seed="services.chat.store.members:seed",
    publishes=(chat.MessagePosted, chat.MessageEdited, chat.MessageReacted, chat.MessageRemoved, chat.UserMentioned),
    consumes=(auth.ProfileChanged,),
)
