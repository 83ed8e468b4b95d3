"""What one transaction of the loader brings: rows by table, and how each table takes them."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Table(NamedTuple):
    """How rows go in: "insert" new ones, "replace" by key, or "add" numbers to those of the same key."""

    how: str
    key: tuple
    others: tuple

    @property
    def columns(self):
        return self.key + self.others


def _table(how, key, others=""):
    return Table(how, tuple(key.split()), tuple(others.split()))


TABLES = {
    "names": _table("insert", "id text"),
    "pages": _table("insert", "id site_id path"),
    "events": _table("insert", "site_id session_id number at type view page name element label x y value detail"),
    "sessions": _table("replace", "site_id id",
                       "visitor_id day hour previous_day started_at last_at views events clicks fields engaged_ms "
                       "bounce rage dead error_clicks quick_backs errors conversions purchases revenue "
                       "entry_page exit_page source medium campaign content term channel referrer "
                       "country language device browser os goals trail lasting"),
    "session_pages": _table("replace", "site_id session_id page", "views engaged_ms scroll scrolled clicks"),
    "session_forms": _table("replace", "site_id session_id form", "viewed started submitted abandoned last_field completed"),
    "session_fields": _table("replace", "site_id session_id form field",
                             "stays time_ms hesitations hesitation_ms corrections returns autofills pastes errors place"),
    "session_codes": _table("replace", "site_id session_id code_hash", "at"),
    "history_files": _table("replace", "site_id digest", "messages done"),
    "seen": _table("replace", "site_id view", "at session_id number mask"),
    "orders": _table("insert", "site_id transaction_hash at"),
    "growth": _table("replace", "site_id day", "names pages"),
    "rejected": _table("insert", "site_id at field reason event"),
    "visitor_days": _table("add", "site_id day previous_day", "visitors"),
    "hours": _table("add", "site_id day hour",
                    "sessions views events clicks fields engaged_ms bounces rage dead error_clicks quick_backs errors "
                    "conversions purchases revenue"),
    "session_days": _table("add", "site_id dimension day value",
                           "sessions views bounces engaged_ms conversions purchases revenue"),
    "page_days": _table("add", "site_id day page",
                        "views sessions entries exits bounces engaged_ms scroll scrolled clicks"),
    "event_days": _table("add", "site_id kind day name label page", "events sessions value"),
    "form_days": _table("add", "site_id day form", "views starters submitters abandons completions revenue"),
    "field_days": _table("add", "site_id day form field",
                         "sessions stays time_ms hesitations hesitation_ms corrections returns autofills pastes "
                         "errors last_fields places completions gone gone_returned gone_corrected gone_refused "
                         "done done_returned done_corrected done_refused"),
    "exposures": _table("replace", "experiment_id unit",
                        "variant at day epoch session_id multiple device browser channel country seen_before"),
    "outcomes": _table("replace", "experiment_id measure unit", "variant value at"),
    "exposure_days": _table("add", "experiment_id segment value epoch day variant", "visitors multiple"),
    "outcome_days": _table("add", "experiment_id segment value epoch day variant measure",
                           "units total squares_high squares_low"),
    "recounts": _table("replace", "experiment_id", "asked_at after units"),
    "session_touchpoints": _table("insert", "journey_id session_id touchpoint",
                                  "stage times engaged_ms rage dead error_clicks errors slow form_errors moved entered "
                                  "stage_moved converted revenue"),
    "session_moves": _table("insert", "journey_id session_id from_stage to_stage kind", "bought trail"),
    "touchpoint_days": _table("add", "journey_id day stage touchpoint",
                              "sessions times engaged_ms rage dead error_clicks errors slow form_errors "
                              "forward skips backs returns leaves troubled converted revenue "
                              "entered entered_forward entered_skips entered_backs entered_returns entered_leaves "
                              "entered_troubled entered_converted entered_revenue"),
    "touchpoint_visitors": _table("insert", "journey_id day stage touchpoint", "passing lasting"),
    "move_days": _table("add", "journey_id day from_stage to_stage kind", "sessions"),
    "stage_trails": _table("add", "journey_id day trail", "sessions"),
    "walk_columns": _table("insert", "journey_id day",
                           "ids people ways meetings lasting met engaged more_of more_what more kinds moves steps trails"),
    "walk_ends": _table("replace", "journey_id day", "ends"),
    "walk_days": _table("replace", "journey_id day", "changes stamp closed written"),
    "walk_wishes": _table("replace", "journey_id", "asked_at"),
    "day_columns": _table("insert", "site_id day family name piece", "packed"),
    "column_days": _table("replace", "site_id day", "changes form"),
    "exclusions": _table("add", "site_id day reason", "events batches"),
    "day_changes": _table("add", "site_id day", "changes"),
}

DAY = TABLES["sessions"].columns.index("day")

# Of these a row that has come down to nothing is taken out again: a session moved on to another trail or exit.
SHRINKING = ("visitor_days", "session_days", "field_days", "exposure_days", "outcome_days", "touchpoint_days", "move_days",
             "stage_trails")


@dataclass
class Changes:
    """Rows of each table, their columns in the order of TABLES; the first event of sites that had none; and rows to take out."""

    rows: dict = field(default_factory=dict)
    first_events: list = field(default_factory=list)  # (at, site_id)
    gone: dict = field(default_factory=dict)  # table: (columns, values of them whose rows go)

    def days(self):
        """Rows of day_changes: the days whose sessions these are."""
        return [(site, day, 1) for site, day in {(row[0], row[DAY]) for row in self.rows.get("sessions", ())}]

    def __bool__(self):
        return any(self.rows.values()) or bool(self.first_events or self.gone)
