"""What opens authenticators' secrets in these tests."""

from services.auth.store.cipher import Cipher
from services.auth.store.factors import Factors
from tests.integration.bff.stack import TOTP_KEY

FACTORS = Factors(Cipher(TOTP_KEY))
