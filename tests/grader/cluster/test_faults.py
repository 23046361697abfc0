"""What goes wrong on a cluster, with real processes. The long form is `tests/campaigns/cluster_faults.py`."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox import modes

pytestmark = pytest.mark.skipif(not modes.available(), reason="there is no sandbox on this machine")
CAMPAIGN = Path(__file__).resolve().parents[2] / "campaigns" / "cluster_faults.py"
spec = importlib.util.spec_from_file_location("cluster_faults", CAMPAIGN)
assert spec is not None
assert spec.loader is not None
faults = importlib.util.module_from_spec(spec)
sys.modules["cluster_faults"] = faults  # its dataclasses look themselves up
spec.loader.exec_module(faults)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    return faults.Campaign(tmp_path_factory.mktemp("faults"), students=6, kills=2)


@pytest.mark.exhaustive
@pytest.mark.parametrize("fault", faults.FAULTS)
def test_what_goes_wrong_on_a_cluster_costs_no_mark(campaign, fault):
    campaign.faults.clear()
    getattr(campaign, fault)()
    assert campaign.faults == []


@pytest.mark.exhaustive
def test_the_doctor_says_of_every_worker_what_holds(tmp_path):
    with faults.Machines(tmp_path) as machines:
        machines.start_scheduler()
        machines.start_worker()
        machines.start_worker(FNNKIT_SANDBOX="namespaces", PATH="/nowhere")
        assert faults.wait_for(lambda: machines.said().count("Registered to") == 2)
        line = [sys.executable, "-m", "grader", "doctor", "--json", "--cluster", machines.address]
        told = subprocess.run(
            line,
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
            env=faults.variables(),
            cwd=faults.REPOSITORY,
        )
    assert told.returncode == 1, told.stderr
    by_layer = [{check["layer"]: check for check in checks} for checks in json.loads(told.stdout).values()]
    without, good = sorted(by_layer, key=len)
    assert without["mode"]["state"] == "failed"
    assert without["ch1_xor"]["state"] == good["ch1_xor"]["state"] == "ok"
    assert {check["state"] for check in good.values()} <= {"ok", "absent"}
    assert good["mode"]["said"] in modes.MODES
