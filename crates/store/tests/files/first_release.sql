-- A row in every table of the first release. Deferred foreign keys: one transaction.
BEGIN;
INSERT INTO meta (key, value) VALUES
  ('team_id', '00000000-0000-0000-0000-000000000001'), ('member_id', '00000000-0000-0000-0000-000000000002'),
  ('device_id', '00000000-0000-0000-0000-000000000003');
INSERT INTO flows (id, team_id, version, name, description, flow_type, head_id, created_at, updated_at, folded_name)
  VALUES ('01900000-0000-7000-8000-000000000001', 't', printf('%048d', 1), 'Patch Citrix', 'Monthly', 'maintenance',
          '01900000-0000-7000-8000-000000000002', 1796731200000, 1796731200000, 'patch citrix');
INSERT INTO flow_revisions (id, team_id, version, flow_id, name, description, flow_type, structure, intake_form, step_count,
    estimate_minutes, created_at)
  VALUES ('01900000-0000-7000-8000-000000000002', 't', printf('%048d', 2), '01900000-0000-7000-8000-000000000001',
          'Patch Citrix', 'Monthly', 'maintenance',
          '{"steps":[{"id":"a","type":"procedure_step","title":"A"},{"id":"e","type":"procedure_end","title":"Done"}]}',
          '[]', 1, 20, 1796731200000);
INSERT INTO target_lists (id, team_id, version, name, description, targets, created_at, updated_at)
  VALUES ('01900000-0000-7000-8000-000000000003', 't', printf('%048d', 3), 'RDS farm', '',
          '[{"label":"RDS-01","notes":"10.0.0.1"}]', 1796731200000, 1796731200000);
INSERT INTO schedules (id, team_id, version, flow_id, recurrence, timezone, target_list_id, misfire, overlap,
    grace_seconds, intake, created_at, updated_at)
  VALUES ('01900000-0000-7000-8000-000000000004', 't', printf('%048d', 4), '01900000-0000-7000-8000-000000000001',
          '{"kind":"cron","expression":"@daily"}', 'UTC', '01900000-0000-7000-8000-000000000003', 'run_once', 'allow', 3600,
          '{}', 1796731200000, 1796731200000);
INSERT INTO active_schedules (id, team_id, version, schedule_id)
  VALUES ('01900000-0000-7000-8000-000000000001', 't', printf('%048d', 5), '01900000-0000-7000-8000-000000000004');
INSERT INTO schedule_pauses (id, team_id, version, paused)
  VALUES ('01900000-0000-7000-8000-000000000004', 't', printf('%048d', 6), 0);
INSERT INTO schedule_clocks (schedule_id, next_run_at, checked_through)
  VALUES ('01900000-0000-7000-8000-000000000004', 1796774400000, 1796731200000);
INSERT INTO missed_occurrences (id, schedule_id, recurrence, timezone, from_at, to_at, count, reason, recorded_at)
  VALUES ('01900000-0000-7000-8000-000000000005', '01900000-0000-7000-8000-000000000004',
          '{"kind":"cron","expression":"@daily"}', 'UTC', 1796688000000, 1796688000000, 1, 'grace_passed', 1796731200000);
INSERT INTO batches (id, team_id, version, flow_id, revision_id, origin, intake, target_list_id, launched_at)
  VALUES ('01900000-0000-7000-8000-000000000006', 't', printf('%048d', 7), '01900000-0000-7000-8000-000000000001',
          '01900000-0000-7000-8000-000000000002', 'manual', '{}', '01900000-0000-7000-8000-000000000003', 1796731200000);
INSERT INTO sessions (id, team_id, version, batch_id, flow_id, target_label, target_notes, position, created_at,
    folded_label, status)
  VALUES ('01900000-0000-7000-8000-000000000007', 't', printf('%048d', 8), '01900000-0000-7000-8000-000000000006',
          '01900000-0000-7000-8000-000000000001', 'RDS-01', '10.0.0.1', 0, 1796731200000, 'rds-01', 'in_progress');
INSERT INTO session_events (id, team_id, version, session_id, event, at)
  VALUES ('01900000-0000-7000-8000-000000000008', 't', printf('%048d', 9), '01900000-0000-7000-8000-000000000007',
          '{"type":"note_added","text":"kept"}', 1796731200000);
INSERT INTO notifications (id, kind, title, body, route, created_at)
  VALUES ('01900000-0000-7000-8000-000000000009', 'run_ready', 'Ready', 'Due', '/batches/6', 1796731200000);
COMMIT;
