//! The SQL of each synced table, as static text.

/// What is done with the rows of a synced table, whichever it is.
#[derive(Debug)]
pub(crate) struct Statements {
    pub(crate) name: &'static str,
    /// Its rows as canonical JSON.
    pub(crate) export: &'static str,
    /// The copies of the ids in `?1`.
    pub(super) copies: &'static str,
    /// The copies that stand in the outbox.
    pub(super) outbox: &'static str,
    /// Which of the ids in `?1` have a row.
    pub(super) present: &'static str,
    /// Which rows are the server's, wait for nothing, and are not among those that were staged.
    pub(super) not_staged: &'static str,
    /// The greatest base, as `greatest`.
    pub(super) greatest_base: &'static str,
    /// Puts every row into the outbox.
    pub(super) offer: &'static str,
    /// Writes the rows in `?1`, for the team `?2`.
    pub(super) put: &'static str,
    /// Gives the rows in `?1` a version and a base.
    pub(super) version: &'static str,
    /// Forgets that the ids in `?1` were the server's.
    pub(super) unseen: &'static str,
    /// Removes the ids in `?1`.
    pub(super) remove: &'static str,
    /// Hides the ids in `?1` under the version `?2`.
    pub(super) hide: &'static str,
}

/// A column on its way out of the database for a person: JSON as what it says.
macro_rules! exported {
    ($column:ident Json) => {
        concat!("'", stringify!($column), "', json(", stringify!($column), ")")
    };
    ($column:ident $kind:ident) => {
        concat!("'", stringify!($column), "', ", stringify!($column))
    };
}

/// Columns that follow from the row itself.
macro_rules! derived {
    (flows, $of:ident) => {
        derived!($of, folded_name, folded_description)
    };
    (sessions, $of:ident) => {
        derived!($of, folded_label, folded_client)
    };
    (columns, $($column:ident),*) => { concat!($(", ", stringify!($column)),*) };
    (values, $($column:ident),*) => { concat!($(", value ->> '$.d.", stringify!($column), "'"),*) };
    (sets, $($column:ident),*) => {
        concat!($(", ", stringify!($column), " = excluded.", stringify!($column)),*)
    };
    ($table:ident, $of:ident) => {
        ""
    };
}

macro_rules! copy {
    ($name:ident, $first:ident $(, $column:ident)*) => {
        concat!(
            "SELECT t.id, t.version, t.base_version, t.tombstone, t.extra, json_object('", stringify!($first), "', t.",
            stringify!($first) $(, ", '", stringify!($column), "', t.", stringify!($column))*, ") AS columns,
               EXISTS (SELECT 1 FROM outbox AS o WHERE o.table_name = '", stringify!($name), "' AND o.row_id = t.id) AS pending "
        )
    };
}

macro_rules! not_refused {
    ($name:ident) => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM sync_refused AS r WHERE r.table_name = '",
            stringify!($name),
            "' AND r.row_id = t.id)"
        )
    };
}

macro_rules! statements {
    ($($name:ident, $write:ident, [$first:ident $kind:ident], [$($column:ident $of:ident),*],
       {$($late:ident $default:literal),*}, {$($reference:ident $parent:ident),*};)*) => {
        /// Parents before children.
        pub(crate) const TABLES: &[Statements] = &[$(Statements {
            name: stringify!($name),
            export: concat!(
                "SELECT id, json_object('team_id', team_id, 'version', version, 'extra', json(extra), ",
                exported!($first $kind) $(, ", ", exported!($column $of))*,
                ") AS row FROM ", stringify!($name), " WHERE tombstone = 0 ORDER BY id"
            ),
            copies: concat!(
                copy!($name, $first $(, $column)*), "FROM json_each(?1) AS w JOIN ", stringify!($name),
                " AS t ON t.id = w.value WHERE ", not_refused!($name)
            ),
            outbox: concat!(
                copy!($name, $first $(, $column)*), "FROM outbox AS w JOIN ", stringify!($name),
                " AS t ON t.id = w.row_id WHERE w.table_name = '", stringify!($name), "' AND ", not_refused!($name)
            ),
            present: concat!(
                "SELECT t.id FROM json_each(?1) AS w JOIN ", stringify!($name), " AS t ON t.id = w.value"
            ),
            not_staged: concat!(
                "SELECT t.id FROM ", stringify!($name), " AS t WHERE t.base_version IS NOT NULL
                    AND t.id NOT IN (SELECT row_id FROM sync_staged WHERE table_name = '", stringify!($name), "')
                    AND t.id NOT IN (SELECT row_id FROM outbox WHERE table_name = '", stringify!($name), "')
                    AND t.id NOT IN (SELECT row_id FROM sync_waiting WHERE table_name = '", stringify!($name), "')
                    AND ", not_refused!($name)
            ),
            greatest_base: concat!("SELECT MAX(base_version) AS greatest FROM ", stringify!($name)),
            offer: concat!(
                "INSERT INTO outbox (table_name, row_id) SELECT '", stringify!($name), "', t.id FROM ", stringify!($name),
                " AS t WHERE ", not_refused!($name), " ON CONFLICT DO NOTHING"
            ),
            put: concat!(
                "INSERT INTO ", stringify!($name), " (id, team_id, version, base_version, tombstone, extra, ",
                stringify!($first) $(, ", ", stringify!($column))*, derived!($name, columns),
                ") SELECT value ->> 'id', ?2, value ->> 'version', value ->> 'base', value ->> 'tombstone',
                   value -> 'extra', value ->> '$.c.", stringify!($first), "'"
                $(, ", value ->> '$.c.", stringify!($column), "'")*, derived!($name, values),
                " FROM jsonb_each(?1) WHERE true ON CONFLICT (id) DO UPDATE SET version = excluded.version,
                   base_version = excluded.base_version, tombstone = excluded.tombstone, extra = excluded.extra, ",
                stringify!($first), " = excluded.", stringify!($first)
                $(, ", ", stringify!($column), " = excluded.", stringify!($column))*, derived!($name, sets)
            ),
            version: concat!(
                "UPDATE ", stringify!($name), " AS t SET version = COALESCE(w.value ->> 'version', t.version),
                   base_version = COALESCE(w.value ->> 'base', t.base_version)
                   FROM json_each(?1) AS w WHERE t.id = w.value ->> 'id'"
            ),
            unseen: concat!(
                "UPDATE ", stringify!($name), " SET base_version = NULL WHERE id IN (SELECT value FROM json_each(?1))"
            ),
            remove: concat!("DELETE FROM ", stringify!($name), " WHERE id IN (SELECT value FROM json_each(?1))"),
            hide: concat!(
                "UPDATE ", stringify!($name), " SET tombstone = 1, version = ?2, base_version = ?2
                   WHERE id IN (SELECT value FROM json_each(?1)) AND version IS NOT ?2"
            ),
        }),*];

        /// Every row that names a hidden one: table and id of both.
        pub(super) const NAMING_HIDDEN: &[&str] = &[$($(concat!(
            "SELECT '", stringify!($name), "' AS table_name, c.id AS row_id, r.table_name AS parent_table, r.row_id AS parent_id
               FROM sync_refused AS r JOIN ", stringify!($name), " AS c ON c.", stringify!($reference), " = r.row_id
              WHERE r.table_name = '", stringify!($parent), "'"
        ),)*)*];
    };
}
mf_domain::synced_tables!(statements);

/// The statements of a table; `None` for one of a newer release.
pub(super) fn of(table: &str) -> Option<&'static Statements> {
    TABLES.iter().find(|statements| statements.name == table)
}
