"""How market time goes on."""

from tradectl.stack.pause import Pace


def test_time_goes_on_at_the_speed_that_it_had() -> None:
    assert Pace("running", 60.0).body() == {"mode": "running", "speed": 60.0}


def test_a_recording_that_drove_it_drives_it_again() -> None:
    assert Pace("driven", 1.0).body() == {"mode": "driven"}


def test_time_that_was_on_its_way_to_a_moment_goes_on_to_it() -> None:
    moment = "2024-08-08T15:00:00.000000Z"
    assert Pace("driven", 1.0, moment).body() == {"mode": "driven", "until": moment}
    assert Pace("running", 60.0, moment).body() == {"mode": "running", "speed": 60.0, "until": moment}
