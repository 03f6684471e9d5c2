"""The guides' commands do what they say: each block for the shell is run, in its order."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.e2e.tool import TRADECTL, Tool

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
STRICT = """\
set -e
curl() { command curl --fail-with-body "$@"; }
"""
"""A command that fails ends the guide, and so does an answer that is a refusal."""


@pytest.mark.parametrize("guide", ["trader-api", pytest.param("simulation", marks=pytest.mark.night)])
@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="the guides are for bash and curl")
def test_a_guide_can_be_followed(guide: str, tool: Tool, tmp_path: Path) -> None:
    tool.ok("up", "--quiet")
    text = (ROOT / "docs" / "guides" / f"{guide}.md").read_text(encoding="utf-8")
    path = os.pathsep.join((str(TRADECTL.parent), os.environ["PATH"]))
    followed = subprocess.run(
        ["bash", "-c", STRICT + "\n".join(BLOCK.findall(text))],
        env=tool.environment | {"PATH": path},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert followed.returncode == 0, followed.stdout[-3_000:] + followed.stderr[-3_000:]
