-- The list of records without a type, newest first, and by area.
create index record_at on record (at desc, id desc);
create index record_area on record (area, at desc);
