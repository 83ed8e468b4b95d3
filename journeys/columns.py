"""The numbers that several reports show, each with its one definition, as measures.md and docs/reports.md have it."""

from journeys.report import Column, N_

DAY = Column("day", N_("Day"), "day", N_("A day on the site's own calendar. A session counts on the day it started."))
HOUR = Column("at", N_("Hour"), "time", N_("The hour the session started in, in the site's time zone."))
VISITORS = Column("visitors", N_("Visitors"), "count", N_(
    "Browsers, as far as we may tell them apart. Counted once in the whole period, so days do not add up to it."))
SESSIONS = Column("sessions", N_("Sessions"), "count", N_(
    "One visitor's events with gaps under 30 minutes. A session goes on over midnight and a change of source."))
SHARE = Column("share", N_("Share"), "rate", N_("Part of all sessions in the period."), of="sessions")
VIEWS = Column("views", N_("Page views"), "count", N_(
    "Each load, in-app navigation, return from the back-forward cache and activation of a prerendered page, once."))
ENGAGED = Column("engaged", N_("Engaged time"), "seconds", N_(
    "Mean seconds of a session in which a page was visible and something happened in the last 30 seconds."),
    of="sessions")
BOUNCE_RATE = Column("bounce_rate", N_("Bounce rate"), "rate", N_(
    "Sessions with one page view, under 10 seconds engaged, no click, no form event and no custom event, "
    "out of all sessions."), of="sessions")
CLICKS = Column("clicks", N_("Clicks"), "count", N_("Clicks on anything in a page, by pointer or keyboard."))
FIELDS = Column("fields", N_("Form fields touched"), "count", N_(
    "Stays in a form field, from focus to leaving it. What was typed is never read."))
CONVERSIONS = Column("conversions", N_("Goals reached"), "count", N_("Sessions that reached at least one goal."))
CONVERSION_RATE = Column("conversion_rate", N_("Conversion rate"), "rate", N_(
    "Sessions that reached at least one goal, out of all sessions."), of="sessions",
    interval=("conversion_low", "conversion_high"))
CONVERSION_LOW = Column("conversion_low", N_("Conversion rate, low end"), "rate", N_(
    "Low end of the conversion rate's interval of 95 % (Wilson)."), of="sessions")
CONVERSION_HIGH = Column("conversion_high", N_("Conversion rate, high end"), "rate", N_(
    "High end of the conversion rate's interval of 95 % (Wilson)."), of="sessions")
PURCHASES = Column("purchases", N_("Purchases"), "count", N_(
    "Purchase events; the same transaction counts once."))
REVENUE = Column("revenue", N_("Revenue"), "money", N_(
    "Sum of purchases in the site's currency. Purchases in another currency are listed under exclusions."))

OF_SESSIONS = (SESSIONS, SHARE, BOUNCE_RATE, ENGAGED, CONVERSIONS, CONVERSION_RATE, CONVERSION_LOW, CONVERSION_HIGH,
               PURCHASES, REVENUE)
