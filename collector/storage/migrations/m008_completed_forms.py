from collector.storage.migrations.steps import migrations


@migrations()
def m008_completed_forms(db):
    """Who completed a form, in which order its fields are met, and what those who gave up did otherwise.

    What is stored already is counted from its events, as session.py counts.
    """
    db.executescript("""
    alter table session_forms add column completed integer not null default 0;  -- a goal was reached after its start
    alter table session_fields add column place integer not null default 0;     -- among the form's fields touched, from 1
    alter table form_days add column completions integer not null default 0;
    alter table form_days add column revenue integer not null default 0;        -- of sessions that completed it
    alter table field_days add column places integer not null default 0;
    alter table field_days add column completions integer not null default 0;   -- of those who went on from it
    -- sessions that abandoned the form (gone) or completed it (done): that touched the field, came back to it,
    -- corrected it, were refused in it
    alter table field_days add column gone integer not null default 0;
    alter table field_days add column gone_returned integer not null default 0;
    alter table field_days add column gone_corrected integer not null default 0;
    alter table field_days add column gone_refused integer not null default 0;
    alter table field_days add column done integer not null default 0;
    alter table field_days add column done_returned integer not null default 0;
    alter table field_days add column done_corrected integer not null default 0;
    alter table field_days add column done_refused integer not null default 0;

    with started as (
        select site_id, session_id, name as form, min(number) as number
        from events
        where (type = 5 and x in (2, 3, 4)) or (type = 6 and value is not null)
        group by site_id, session_id, name
    ),
    goal as (
        select site_id, session_id, max(number) as number
        from events
        where type in (1, 9) and y > 0 and (site_id, session_id) in (select site_id, session_id from started)
        group by site_id, session_id
    )
    update session_forms set completed = 1
    from started join goal using (site_id, session_id)
    where session_forms.site_id = started.site_id and session_forms.session_id = started.session_id
        and session_forms.form = started.form and goal.number > started.number;

    with touched as (
        select site_id, session_id, name as form, element as field,
               row_number() over (partition by site_id, session_id, name order by min(number)) as place
        from events
        where type = 6 and value is not null
        group by site_id, session_id, name, element
    )
    update session_fields set place = touched.place
    from touched
    where session_fields.site_id = touched.site_id and session_fields.session_id = touched.session_id
        and session_fields.form = touched.form and session_fields.field = touched.field;

    with total as (
        select form.site_id, session.day, form.form, count(*) as completions, sum(session.revenue) as revenue
        from session_forms as form
        join sessions as session on session.site_id = form.site_id and session.id = form.session_id
        where form.completed
        group by form.site_id, session.day, form.form
    )
    update form_days set completions = total.completions, revenue = total.revenue
    from total
    where form_days.site_id = total.site_id and form_days.day = total.day and form_days.form = total.form;

    with attempt as (
        select form.site_id, form.session_id, session.day, form.form, form.last_field, form.abandoned, form.completed
        from session_forms as form
        join sessions as session on session.site_id = form.site_id and session.id = form.session_id
    ),
    reached as (
        select attempt.site_id, day, form, field, place, abandoned, completed,
               last_field = field as left_here, returns > 0 as returned, corrections > 0 as corrected, errors > 0 as refused
        from session_fields join attempt using (site_id, session_id, form)
        where stays > 0 or last_field = field
        union all
        select site_id, day, form, last_field, 0, 1, completed, 1, 0, 0, 0
        from attempt
        where last_field > 0 and (site_id, session_id, form, last_field) not in
            (select site_id, session_id, form, field from session_fields)
    ),
    total as (
        select site_id, day, form, field, count(*) as sessions, sum(place) as places,
               sum(completed and not left_here) as completions,
               sum(abandoned) as gone, sum(abandoned and returned) as gone_returned,
               sum(abandoned and corrected) as gone_corrected, sum(abandoned and refused) as gone_refused,
               sum(completed and not abandoned) as done, sum(completed and not abandoned and returned) as done_returned,
               sum(completed and not abandoned and corrected) as done_corrected,
               sum(completed and not abandoned and refused) as done_refused
        from reached
        group by site_id, day, form, field
    )
    update field_days set
        sessions = total.sessions, places = total.places, completions = total.completions, gone = total.gone,
        gone_returned = total.gone_returned, gone_corrected = total.gone_corrected, gone_refused = total.gone_refused,
        done = total.done, done_returned = total.done_returned, done_corrected = total.done_corrected,
        done_refused = total.done_refused
    from total
    where field_days.site_id = total.site_id and field_days.day = total.day
        and field_days.form = total.form and field_days.field = total.field;
    """)
