-- The way down for sharing with a team, by hand, with the application closed and a backup made: before going back to a
-- release that knows none of it. What is on its way is read again later; copies the server refused are gone. Run it with any
-- SQLite shell inside one transaction.
DROP TABLE conflicts;
DELETE FROM outbox WHERE table_name = 'conflicts';
DROP TABLE sync_staged;
DROP TABLE sync_kept;
DROP TABLE sync_waiting;
DROP TABLE sync_refused;
DROP TABLE sync_aside;
DELETE FROM meta WHERE key LIKE 'sync\_%' ESCAPE '\';
DELETE FROM _sqlx_migrations WHERE version = 10;
