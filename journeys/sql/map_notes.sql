-- What stands on a map: each note in its latest version, in the order they were written; those taken away left out.
-- Takes  :map.
-- Gives  id, stage, lane, version, at, who, text, feeling, evidence_kind, evidence.
with latest as (
    select note_id, max(version) as version
    from map_note_versions
    where note_id in (select id from map_notes where map_id = :map)
    group by note_id
)
select note.id, note.stage, note.lane, said.version, said.at, said.who, said.text, said.feeling, said.evidence_kind, said.evidence
from latest
join map_note_versions as said on said.note_id = latest.note_id and said.version = latest.version
join map_notes as note on note.id = latest.note_id
where said.gone = 0
order by note.id
