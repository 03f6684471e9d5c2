"""Whom this process believes when it connects by TLS."""

import os
import ssl
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError

VARIABLE = "SSL_CERT_FILE"
"""OpenSSL's own: every context that is made from here on reads it, HTTP's and the WebSocket's alike."""


def trust(authority: Path) -> None:
    """Servers that this authority signed, and no others; TradectlError where the file holds none."""
    try:
        ssl.create_default_context(cafile=authority)
    except OSError as error:  # what OpenSSL cannot read is one too
        hint = "a file of PEM certificates, such as `tradectl certs show` names"
        raise TradectlError(f"{authority} holds no authority: {error}", hint, ExitCode.BAD_INPUT) from error
    os.environ[VARIABLE] = str(authority.absolute())
