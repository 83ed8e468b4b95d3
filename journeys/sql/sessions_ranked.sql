-- Sessions the filters choose, those with most of something first, of equal ones the newest.
-- Takes  :site, :start, :end, :with ('all', 'trouble', 'order', 'form' or 'none'), :column ('engaged', 'revenue' or 'trouble'),
--        :most and :before (rank and id of the session after which they begin), :limit.
-- Gives  id, started_at, last_at, engaged_ms, views, clicks, trouble, fields, purchases, revenue, goals (ids between
--        commas), source, channel, country, device, entry_page, exit_page.
with session as (
    select id, started_at, last_at, engaged_ms, views, clicks, rage + dead + error_clicks + errors as trouble, fields,
           purchases, revenue, goals, source, channel, country, device, entry_page, exit_page,
           case :column when 'engaged' then engaged_ms when 'revenue' then revenue
                    else rage + dead + error_clicks + errors end as rank
    from sessions
    where site_id = :site and id >= :start << 22 and id < :end << 22
        and (rank, id) < (:most, :before)
        and case :with when 'trouble' then rage + dead + error_clicks + errors > 0
                       when 'order' then purchases > 0
                       when 'form' then fields > 0
                       when 'none' then rage + dead + error_clicks + errors + purchases + fields = 0
                       else 1
            end
    /*filters*/
    order by rank desc, id desc
    limit :limit
)
select session.id, started_at, last_at, engaged_ms, views, clicks, trouble, fields, purchases, revenue, goals,
       source.text as source, channel.text as channel, country.text as country, device.text as device,
       entry.path as entry_page, last.path as exit_page
from session
join names as source on source.id = session.source
join names as channel on channel.id = session.channel
join names as country on country.id = session.country
join names as device on device.id = session.device
join pages as entry on entry.id = session.entry_page
join pages as last on last.id = session.exit_page
order by rank desc, session.id desc
