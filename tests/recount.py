"""Counts every totals table anew from `events` and `sessions`, in plain SQL that shares nothing with the loader."""

RECOUNTS = {
    "hours": """
        select site_id, day, hour, count(*), sum(views), sum(events), sum(clicks), sum(fields), sum(engaged_ms),
            sum(bounce), sum(rage), sum(dead), sum(error_clicks), sum(quick_backs), sum(errors), sum(conversions),
            sum(purchases), sum(revenue)
        from sessions group by site_id, day, hour""",
    "session_days": """
        with value as (
            {dimensions}
            union all
            select site_id, 15, day, goals.id, views, bounce, engaged_ms, conversions, purchases, revenue
            from sessions join goals using (site_id) where instr(sessions.goals, ',' || goals.id || ',')
        )
        select site_id, dimension, day, value, count(*), sum(views), sum(bounce), sum(engaged_ms), sum(conversions),
            sum(purchases), sum(revenue)
        from value group by site_id, dimension, day, value""",
    "page_days": """
        with page as (
            select e.site_id, s.day, e.page, e.session_id,
                sum(e.type = 1) as views, sum(e.type = 3) as clicks, sum(iif(e.type = 2, e.value, 0)) as engaged_ms,
                max(s.entry_page = e.page) as entry, max(s.exit_page = e.page) as leaving,
                max(s.entry_page = e.page and s.bounce) as bounce
            from events e join sessions s on s.site_id = e.site_id and s.id = e.session_id
            group by e.site_id, e.session_id, e.page
        ), scroll as (
            select e.site_id, s.day, e.page, e.view, max(e.x) as deepest,
                (select page from events f where f.site_id = e.site_id and f.session_id = e.session_id
                 and f.view = e.view limit 1) as page_of_view
            from events e join sessions s on s.site_id = e.site_id and s.id = e.session_id
            where e.type = 2 group by e.site_id, e.session_id, e.view
        )
        select site_id, day, page, sum(views), sum(views > 0), sum(entry), sum(leaving), sum(bounce), sum(engaged_ms),
            coalesce((select sum(deepest) from scroll where (site_id, day, page) = (page.site_id, page.day, page.page)), 0),
            (select count(*) from scroll where (site_id, day, page) = (page.site_id, page.day, page.page)),
            sum(clicks)
        from page group by site_id, day, page""",
    "session_pages": """
        with scroll as (
            select site_id, session_id, page, view, max(x) as deepest from events where type = 2
            group by site_id, session_id, view
        )
        select site_id, session_id, page, sum(type = 1), sum(iif(type = 2, value, 0)),
            coalesce((select sum(deepest) from scroll s
                where (s.site_id, s.session_id, s.page) = (e.site_id, e.session_id, e.page)), 0),
            (select count(*) from scroll s where (s.site_id, s.session_id, s.page) = (e.site_id, e.session_id, e.page)),
            sum(type = 3)
        from events e group by site_id, session_id, page""",
    "event_days": """
        with event as (
            select e.site_id, type as kind, s.day,
                case type when 3 then element else name end as name,
                case type when 3 then label when 4 then iif(label, label, element) when 7 then element else 0 end as label,
                iif(type = 9, 0, page) as page, session_id, case type when 4 then value when 9 then value end as value
            from events e join sessions s on s.site_id = e.site_id and s.id = e.session_id where type in (3, 4, 7, 9)
            union all
            select e.site_id, e.value, s.day, name, label, page, session_id, 0
            from events e join sessions s on s.site_id = e.site_id and s.id = e.session_id where type = 3 and value
        )
        select site_id, kind, day, name, label, page, count(*), iif(kind = 9, count(distinct session_id), 0),
            coalesce(sum(value), 0)
        from event group by site_id, kind, day, name, label, page""",
    "visitor_days": """
        with visit as (select distinct site_id, visitor_id, day from sessions),
        chain as (
            select site_id, day, coalesce(lag(day) over (partition by site_id, visitor_id order by day), -1) as previous_day
            from visit
        )
        select site_id, day, previous_day, count(*) from chain group by site_id, day, previous_day""",
    "field_days": """
        with stay as (
            select e.site_id, s.day, e.name as form, e.element as field, e.session_id, e.value, e.x as hesitation, e.y,
                (select count(distinct element) from events f where type = 6 and value is not null
                 and (f.site_id, f.session_id, f.name) = (e.site_id, e.session_id, e.name) and f.number <= e.number) as place,
                e.number = (select min(number) from events f where type = 6 and value is not null
                 and (f.site_id, f.session_id, f.name, f.element) = (e.site_id, e.session_id, e.name, e.element)) as first
            from events e join sessions s on s.site_id = e.site_id and s.id = e.session_id where type = 6
        ), field as (
            select site_id, day, form, field, count(value) as stays, coalesce(sum(value), 0) as time_ms,
                sum(value is not null and hesitation is not null and not y & 6) as hesitations,
                sum(iif(value is not null and hesitation is not null and not y & 6, hesitation, 0)) as hesitation_ms,
                sum(iif(value is not null, y >> 8, 0)) as corrections, sum(value is not null and y & 1 > 0) as returns,
                sum(value is not null and y & 2 > 0) as autofills, sum(value is not null and y & 4 > 0) as pastes,
                sum(value is null) as errors, coalesce(sum(iif(first, place, 0)), 0) as places
            from stay group by site_id, day, form, field
        )
        select * from field""",
}

NAMES = ("source medium campaign content term channel referrer country language device browser os "
         "entry_page exit_page").split()
DIMENSIONS = "\nunion all\n".join(
    f"select site_id, {number} as dimension, day, {name} as value, views, bounce, engaged_ms, conversions, purchases, revenue "
    "from sessions" for number, name in enumerate(NAMES, 1))


def differences(connection):
    """What stands in the totals and is not counted, or the other way round: {table: (only stored, only counted)}."""
    found = {}
    for table, sql in RECOUNTS.items():
        counted = {tuple(row) for row in connection.execute(sql.format(dimensions=DIMENSIONS))}
        stored = {tuple(row) for row in connection.execute(f"select * from {table}")}
        if table == "page_days":  # a page where there was only anger has a row of noughts, or none
            stored, counted = ({row for row in rows if any(row[3:])} for rows in (stored, counted))
        if table == "field_days":  # who gave up and who completed is forms' matter; a row with nothing else has no stay or error
            stored = {(*row[:4], *row[5:14], row[15]) for row in stored if any(row[5:14])}
        if stored != counted:
            found[table] = sorted(stored - counted)[:3], sorted(counted - stored)[:3]
    return found
