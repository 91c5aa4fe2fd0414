from __future__ import annotations

import datetime
from typing import Any

from pipeline.gating.cleaning_changes import CleaningChange, cleaning_changes
from pipeline.gating.snapshot import Snapshot

Row = dict[str, Any]
FACTS: Row = dict.fromkeys(("title", "published", "published_precision", "agency", "dateline", "outlet"))


def snapshot(*lines: tuple[str, str], raw: str = "1", **facts: object) -> Snapshot:
    """One article with these zones and texts, a line of raw each."""
    article = FACTS | {"article_id": "a.txt", "raw_sha256": raw, "story_id": "a.txt"} | facts
    segments = [
        {
            "article_id": "a.txt",
            "zone": zone,
            "raw_start": 10 * i,
            "raw_end": 10 * i + 9,
            "text": text or None,
        }
        for i, (zone, text) in enumerate(lines)
    ]
    return Snapshot({"articles": [article], "segments": segments})


def test_a_line_in_another_zone_and_a_text_repaired_otherwise() -> None:
    old = snapshot(("title", "Kop"), ("body", "Macron sprak"), ("body", "Kiëv"))
    now = snapshot(("title", "Kop"), ("furniture", ""), ("body", "Kiev"))
    assert cleaning_changes(old, now) == [
        CleaningChange("a.txt", "zone", "body", "furniture", "Macron sprak"),
        CleaningChange("a.txt", "text", "Kiëv", "Kiev", "Kiev"),
    ]
    assert cleaning_changes(old, old) == []


def test_a_line_that_was_cut_in_two_is_shorter_and_one_is_new() -> None:
    old, now = snapshot(("body", "Een twee")), snapshot(("body", "Een"), ("body", "twee"))
    assert [(c.what, c.before, c.after) for c in cleaning_changes(old, now)] == [
        ("text", "Een twee", "Een"),
        ("zone", "-", "body"),
    ]


def test_a_date_is_a_fact_and_another_raw_text_is_no_change_of_cleaning() -> None:
    dated = snapshot(("body", "x"), published=datetime.date(2024, 5, 1))
    assert cleaning_changes(snapshot(("body", "x")), dated) == [
        CleaningChange("a.txt", "published", "-", "2024-05-01", "")
    ]
    assert cleaning_changes(snapshot(("body", "x")), snapshot(("body", "y"), raw="2")) == []
