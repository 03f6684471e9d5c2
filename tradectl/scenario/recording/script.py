"""A scenario in the making: who acts, what is done, what things go by, and what is left out."""

import json
from collections.abc import Mapping
from typing import Any

from tradectl.scenario.recording.cast import Cast, Player
from tradectl.scenario.recording.heard import Heard
from tradectl.scenario.recording.names import Names, leaves
from tradectl.scenario.recording.written import Written, text

SHORTEST = 8
"""Characters of a secret that no other text holds by chance."""


class Script:
    """``steps`` so far, and ``left_out``: what cannot be done again, and why."""

    def __init__(self) -> None:
        self.names = Names()
        self.cast = Cast(self.names)
        self.steps: list[Written] = []
        self.left_out: list[str] = []
        self.secrets: set[str] = set()
        self.reads: dict[tuple[str, str, str], Written] = {}
        """Pages that were read since something was last done, by who and what."""

    def leave_out(self, heard: Heard, why: str) -> None:
        """Said in the file and by the tool."""
        said = f"{heard.method} {self.names.filled(heard.path)}: {why}"
        if said not in self.left_out:
            self.left_out.append(said)

    def write(self, step: Written, answer: Any = None) -> None:
        """One more step; its answer's ids may be named from now on."""
        if why := self.leak(step):
            self.left_out.append(f"a {step.action}: {why}")
            return
        self.steps.append(step)
        if step.name:
            self.names.keep(step.name, answer)
        if "get" not in step.body:
            self.reads.clear()

    def leak(self, step: Written) -> str:
        """Whether a secret stands where nobody would look for one."""
        said = [value for _, value in leaves([step.body, step.plain])]
        known = {form for each in self.secrets if len(each) >= SHORTEST for form in (each, json.dumps(each)[1:-1])}
        return "it holds a secret" if any(each in value for value in said for each in known) else ""

    def player(self, heard: Heard) -> Player:
        """Whose token it is; somebody of whom nothing else is known where nobody else has it."""
        found = self.cast.of_token(heard.token)
        if found is None:
            found = self.cast.add()
            self.cast.enter(found, heard.token)
        return found

    def read(self, step: Written, read: tuple[str, str, str]) -> None:
        """Of a page that is read again and again, the last time stays."""
        before = self.reads.get(read)
        if before in self.steps and not self.names.used.get(before.name):
            self.steps.remove(before)
            self.names.forget(before.name)
        self.reads[read] = step

    def file(self, intent: str, comments: list[str]) -> str:
        """The scenario, at whose end everybody is held to his books."""
        ends = [
            Written("expect", {"books": player.name})
            for player in self.cast.players.values()
            if player.entered and player.accountable and not player.terms.get("staff")
        ]
        left = [f"Left out: {each}" for each in self.left_out]
        head = {"scenario": intent, "tags": ["recorded"], "actors": self.actors()}
        return text(head, [*self.steps, *ends], self.names, [*comments, *left])

    def actors(self) -> Mapping[str, Any]:
        """All, or one who does nothing."""
        return {name: each.terms for name, each in self.cast.players.items()} or {"ann": {"enter": False}}
