-- Every version of a note of a map, latest first.
-- Takes  :map, :note.
-- Gives  id, stage, lane, version, at, who, text, feeling, evidence_kind, evidence, gone.
select note.id, note.stage, note.lane, said.version, said.at, said.who, said.text, said.feeling, said.evidence_kind, said.evidence,
    said.gone
from map_notes as note
join map_note_versions as said on said.note_id = note.id
where note.map_id = :map and note.id = :note
order by said.version desc
