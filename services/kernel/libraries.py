"""What the kernel imports only where a URL asks for it, loaded at once: for a process whose copies will need it."""

from importlib import import_module

MODULES = ("services.kernel.transports.http",)


def load() -> None:
    """Import it all; none of it starts a thread or an event loop."""
    for module in MODULES:
        import_module(module)
