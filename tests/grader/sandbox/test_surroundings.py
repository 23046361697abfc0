"""What every sandbox has alike."""

import os
import subprocess
import sys

SAID = "from grader.sandbox.surroundings import ENVIRONMENT; print(ENVIRONMENT.get('OPENBLAS_CORETYPE'))"


def test_kernels_and_judge_round_as_the_grader_was_told_to():
    for chosen in ("Prescott", None):
        environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"}
        environment |= {"OPENBLAS_CORETYPE": chosen} if chosen else {}
        done = subprocess.run(
            [sys.executable, "-c", SAID], env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == str(chosen)
