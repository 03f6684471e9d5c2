"""The tool's one error, and the exit codes that docs/reference/exit-codes.md is made of."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's end means to a script."""

    OK = 0
    CHECK_FAILED = 1
    USAGE = 2
    BAD_INPUT = 3
    NOT_FOUND = 4
    NOT_UP = 5
    TIMEOUT = 6
    PORT_TAKEN = 7
    STATE_UNUSABLE = 8
    CONFLICT = 9
    START_FAILED = 10
    LEFT_BEHIND = 11
    SATURATED = 12
    INTERRUPTED = 130


MEANINGS = {
    ExitCode.OK: "Done, and every check held.",
    ExitCode.CHECK_FAILED: "It ran and found a difference: a step of smoke or a scenario, a row of audit.",
    ExitCode.USAGE: "The command line is wrong: an unknown option, a value that does not fit; or no scenario.",
    ExitCode.BAD_INPUT: (
        "A file or value cannot be used: a feed that is missing, cut off or malformed. "
        "Of `scenario run`: a sandbox broke, so that nothing is proved."
    ),
    ExitCode.NOT_FOUND: "No such sandbox, service, snapshot, backup or message.",
    ExitCode.NOT_UP: "The sandbox is not up, or a part of it or a store of backups does not answer.",
    ExitCode.TIMEOUT: "Not within the time allowed.",
    ExitCode.PORT_TAKEN: "A port that the sandbox holds is used by another process.",
    ExitCode.STATE_UNUSABLE: (
        "The state directory cannot be written, what lies there cannot be read or is half loaded; a backup is damaged."
    ),
    ExitCode.CONFLICT: (
        "The sandbox was started with other settings, a snapshot does not fit or is there already, "
        "or a fault needs a process of its own; something stands between a release and an environment."
    ),
    ExitCode.START_FAILED: "A part did not start, or ended while it ran; its log says why.",
    ExitCode.LEFT_BEHIND: "A process, a port or a container outlived `tradectl down` or `tradectl gc`.",
    ExitCode.SATURATED: "The load's generator could not keep its schedule: what it measured is its own slowness.",
    ExitCode.INTERRUPTED: "Interrupted from the keyboard or by a signal; what was being started is stopped.",
}


class TradectlError(Exception):
    """What went wrong, how to mend it, and the exit code; printed once, to stderr."""

    def __init__(self, message: str, hint: str = "", exit_code: ExitCode = ExitCode.START_FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code
