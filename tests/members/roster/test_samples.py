"""The sample rosters, read and compared by the scorer that comes with them."""

import datetime as dt
import importlib.util
import json
from pathlib import Path

import pytest

from members.roster.reading import read_roster
from members.roster.workbook import read_workbook

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "rosters"
_spec = importlib.util.spec_from_file_location("score", SAMPLES / "score.py")
score = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(score)


@pytest.mark.parametrize(
    "truth_path", sorted(SAMPLES.glob("*.truth.json")), ids=lambda path: path.name.partition(".")[0]
)
def test_sample_is_read_as_its_truth_says(truth_path):
    truth = json.loads(truth_path.read_text("utf-8"))

    roster = read_roster(read_workbook(SAMPLES / truth["file"]), today=dt.date(2026, 11, 21))
    found = score.score_file(truth, {"sheets": [sheet.to_json() for sheet in roster.sheets]})

    assert found.details == []
    assert (found.n["silent"], found.n["level_wrong"], found.n["error_rows_missed"]) == (0, 0, 0)
