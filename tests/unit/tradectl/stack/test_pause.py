"""How market time goes on."""

from tradectl.stack.pause import Pace


def test_time_goes_on_at_the_speed_that_it_had() -> None:
    assert Pace("running", 60.0).body() == {"mode": "running", "speed": 60.0}


def test_a_recording_that_drove_it_drives_it_again() -> None:
    assert Pace("driven", 1.0).body() == {"mode": "driven"}
