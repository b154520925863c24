-- Which revisions ask for a sign-off is wanted by the page of today, at every start: without this each structure is read.
CREATE INDEX flow_revisions_asking ON flow_revisions (id)
    WHERE COALESCE(structure ->> '$.sign_off', 'none') <> 'none';
