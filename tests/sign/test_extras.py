"""The libraries of the extras are not needed by those who do not sign."""

import subprocess
import sys

WATCHED = ("botocore", "google", "requests")
SCRIPT = f"""
import sys
import trunkline.server.build, trunkline.server.probe, trunkline.cli.serve
print(sorted(name for name in sys.modules if name in {WATCHED!r}))
"""


def test_nothing_is_imported_before_its_first_use() -> None:
    run = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_the_signer_comes_with_what_is_imported_in_a_thread() -> None:
    """What is imported later would hold up the loop."""
    script = "import sys; from botocore import credentials, session; print('botocore.auth' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "True\n"
