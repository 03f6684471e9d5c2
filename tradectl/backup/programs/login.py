"""How a program reaches a server."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Login:
    """It lies beside the program as a file that its user alone can read."""

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 3306

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def file(self) -> bytes:
        """As MySQL's programs read it: between quotes a # begins no comment; quote and backslash are escaped."""
        lines = [f"{name}={_quoted(str(value))}" for name, value in vars(self).items()]
        return "\n".join(["[client]", *lines, ""]).encode()


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
