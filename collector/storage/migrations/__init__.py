"""The tables: one numbered step after another, a file each; a step that was released is never edited.

Rules of the schema: STRICT tables; times are UTC milliseconds (`at`, `*_at`);
a `day` is the number of days since 1970-01-01 on the site's own calendar;
money is integer minor units of the site's currency; texts that repeat stand
once in `names` (0 is "none"). Everything about a session is counted on the
day the session started, so totals add up and equal the sessions behind them.
"""

from collector.storage.migrations.steps import Database, migrations  # noqa: F401

# in this order; there never were steps 012, 022 and 023
from collector.storage.migrations import m001_sites_and_people  # noqa: F401
from collector.storage.migrations import m002_events_sessions_totals  # noqa: F401
from collector.storage.migrations import m003_who_may_add_sites  # noqa: F401
from collector.storage.migrations import m004_experiments  # noqa: F401
from collector.storage.migrations import m005_tokens  # noqa: F401
from collector.storage.migrations import m006_day_changes  # noqa: F401
from collector.storage.migrations import m007_reviews  # noqa: F401
from collector.storage.migrations import m008_completed_forms  # noqa: F401
from collector.storage.migrations import m009_journeys  # noqa: F401
from collector.storage.migrations import m010_maps  # noqa: F401
from collector.storage.migrations import m011_funnels_and_page_groups  # noqa: F401
from collector.storage.migrations import m013_lasting  # noqa: F401
from collector.storage.migrations import m014_outside_the_page  # noqa: F401
from collector.storage.migrations import m015_pain_points  # noqa: F401
from collector.storage.migrations import m016_segments_and_personas  # noqa: F401
from collector.storage.migrations import m017_versions_of_pain_points  # noqa: F401
from collector.storage.migrations import m018_sessions_with_orders  # noqa: F401
from collector.storage.migrations import m019_visitors_with_orders  # noqa: F401
from collector.storage.migrations import m020_visitors_and_trails_of_journeys  # noqa: F401
from collector.storage.migrations import m021_walks_as_columns  # noqa: F401
from collector.storage.migrations import m024_points_of_deleted_experiments  # noqa: F401
from collector.storage.migrations import m025_sessions_as_columns  # noqa: F401
from collector.storage.migrations import m026_no_totals_of_trails  # noqa: F401
