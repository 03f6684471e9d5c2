"""Settings that hold for every test."""

from hypothesis import settings

# An example's time is the machine's affair; pytest-timeout ends what hangs.
settings.register_profile("tradectl", deadline=None)
settings.load_profile("tradectl")
