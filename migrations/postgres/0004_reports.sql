-- For the team's own SQL: what the interface shows, from the same rows. Each view runs with the rights of whoever asks.

-- A session with its status: the fold of crates/domain/src/session/fold.rs, as far as the status goes.
CREATE VIEW mf.session_reports WITH (security_invoker = true) AS
SELECT s.team_id, s.id, s.batch_id, s.flow_id, s.target_label, s.target_client, s.target_site,
       to_timestamp(s.created_at / 1000.0) AS created_at,
       CASE WHEN ends.kind = 'completed' THEN
                CASE WHEN steps.failed > 0 THEN 'failed'
                     WHEN steps.recorded > 0 AND steps.skipped = steps.recorded THEN 'skipped'
                     ELSE 'completed' END
            WHEN work.cancelled > coalesce(ends.version, '') THEN 'cancelled'
            WHEN work.begun THEN 'in_progress'
            ELSE 'pending' END AS status,
       steps.recorded AS steps_recorded, steps.failed AS steps_failed
  FROM mf.sessions s
  LEFT JOIN LATERAL (
      SELECT e.event::jsonb ->> 'kind' AS kind, e.version FROM mf.session_events e
       WHERE e.team_id = s.team_id AND e.session_id = s.id AND e.event::jsonb ->> 'kind' IN ('completed', 'reopened')
       ORDER BY e.version DESC, e.id DESC LIMIT 1) ends ON true
  CROSS JOIN LATERAL (
      SELECT count(*) AS recorded, count(*) FILTER (WHERE outcome = 'failed') AS failed,
             count(*) FILTER (WHERE outcome = 'skipped') AS skipped
        FROM (SELECT DISTINCT ON (e.event::jsonb ->> 'step_id') e.event::jsonb ->> 'outcome' AS outcome
                FROM mf.session_events e
               WHERE e.team_id = s.team_id AND e.session_id = s.id AND e.event::jsonb ->> 'kind' = 'step_recorded'
               ORDER BY e.event::jsonb ->> 'step_id', e.version DESC, e.id DESC) latest) steps
  CROSS JOIN LATERAL (
      SELECT max(e.version) FILTER (WHERE e.event::jsonb ->> 'kind' = 'cancelled') AS cancelled,
             coalesce(bool_or(e.event::jsonb ->> 'kind' IN ('started', 'step_recorded', 'answered')), false) AS begun
        FROM mf.session_events e WHERE e.team_id = s.team_id AND e.session_id = s.id) work
 WHERE NOT s.tombstone;

CREATE VIEW mf.batch_reports WITH (security_invoker = true) AS
SELECT b.team_id, b.id, b.flow_id, f.name AS flow_name, b.origin, to_timestamp(b.launched_at / 1000.0) AS launched_at,
       to_timestamp(b.scheduled_for / 1000.0) AS scheduled_for,
       count(r.id) AS total,
       count(r.id) FILTER (WHERE r.status = 'completed') AS completed,
       count(r.id) FILTER (WHERE r.status = 'failed') AS failed,
       CASE WHEN count(r.id) FILTER (WHERE r.status IN ('pending', 'in_progress')) = 0 THEN 'finished'
            WHEN count(r.id) FILTER (WHERE r.status <> 'pending') = 0 THEN 'pending'
            ELSE 'in_progress' END AS status
  FROM mf.batches b
  LEFT JOIN mf.flows f ON f.team_id = b.team_id AND f.id = b.flow_id
  LEFT JOIN mf.session_reports r ON r.team_id = b.team_id AND r.batch_id = b.id
 WHERE NOT b.tombstone
 GROUP BY b.team_id, b.id, f.name;

-- Runs whose time came more than a day ago and which are not finished.
CREATE VIEW mf.overdue_runs WITH (security_invoker = true) AS
SELECT * FROM mf.batch_reports
 WHERE status <> 'finished' AND coalesce(scheduled_for, launched_at) < now() - interval '1 day';

GRANT SELECT ON mf.session_reports, mf.batch_reports, mf.overdue_runs TO mf_member;
