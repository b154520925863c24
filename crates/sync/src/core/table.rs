//! The tables a team shares, as both databases have them.
//!
//! The list is compared with the migrations of SQLite and of Postgres by tests, so a column that is added to one of them
//! and forgotten here or there does not pass.

use mf_domain::role::Role;

/// What a column holds. JSON travels as the text it is stored as: byte for byte the same on every replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, ids and JSON.
    Text,
    /// Numbers, instants in milliseconds, 0 and 1.
    Int,
}

/// A synced table.
#[derive(Debug)]
pub struct Table {
    /// Its name in both databases.
    pub name: &'static str,
    /// Its columns, beside those every synced table has.
    pub columns: &'static [(&'static str, Kind)],
    /// Columns added after the first release: a row that lacks one means this. Not sent, so that a row of a client that
    /// does not know the column has the same content.
    pub defaults: &'static [(&'static str, &'static str)],
    /// Columns that name a row of another table which must be there. `id` for registers that are keyed by it.
    pub parents: &'static [(&'static str, &'static str)],
    /// The least role that may write it.
    pub write: Role,
}

use Kind::{Int, Text};

/// Parents before children; a flow and its head revision name each other and travel together.
pub const TABLES: [Table; 12] = [
    Table {
        name: "flows",
        columns: &[
            ("name", Text),
            ("description", Text),
            ("flow_type", Text),
            ("head_id", Text),
            ("created_by", Text),
            ("created_at", Int),
            ("updated_at", Int),
        ],
        defaults: &[],
        parents: &[("head_id", "flow_revisions")],
        write: Role::Manager,
    },
    Table {
        name: "flow_revisions",
        columns: &[
            ("flow_id", Text),
            ("parent_id", Text),
            ("name", Text),
            ("description", Text),
            ("flow_type", Text),
            ("structure", Text),
            ("intake_form", Text),
            ("step_count", Int),
            ("estimate_minutes", Int),
            ("created_by", Text),
            ("created_at", Int),
        ],
        defaults: &[],
        parents: &[("flow_id", "flows")],
        write: Role::Manager,
    },
    Table {
        name: "target_lists",
        columns: &[
            ("name", Text),
            ("description", Text),
            ("targets", Text),
            ("created_by", Text),
            ("created_at", Int),
            ("updated_at", Int),
            ("client", Text),
            ("site", Text),
        ],
        defaults: &[],
        parents: &[],
        write: Role::Operator,
    },
    Table {
        name: "blackout_calendars",
        columns: &[
            ("name", Text),
            ("entries", Text),
            ("created_by", Text),
            ("created_at", Int),
            ("updated_at", Int),
        ],
        defaults: &[],
        parents: &[],
        write: Role::Manager,
    },
    Table {
        name: "schedules",
        columns: &[
            ("flow_id", Text),
            ("recurrence", Text),
            ("timezone", Text),
            ("target_list_id", Text),
            ("misfire", Text),
            ("overlap", Text),
            ("grace_seconds", Int),
            ("intake", Text),
            ("created_by", Text),
            ("created_at", Int),
            ("updated_at", Int),
            ("windows", Text),
            ("blackout_ids", Text),
            ("on_blackout", Text),
            ("notify_before", Int),
            ("notify_unfinished_at", Text),
        ],
        defaults: &[("windows", "[]"), ("blackout_ids", "[]"), ("on_blackout", "skip")],
        parents: &[("flow_id", "flows")],
        write: Role::Manager,
    },
    Table {
        name: "active_schedules",
        columns: &[("schedule_id", Text)],
        defaults: &[],
        parents: &[("schedule_id", "schedules")],
        write: Role::Manager,
    },
    Table {
        name: PAUSES,
        columns: &[("paused", Int)],
        defaults: &[],
        parents: &[("id", "schedules")],
        write: Role::Manager,
    },
    Table {
        name: "batches",
        columns: &[
            ("flow_id", Text),
            ("revision_id", Text),
            ("origin", Text),
            ("intake", Text),
            ("schedule_id", Text),
            ("schedule_version", Text),
            ("zone", Text),
            ("nominal_local", Text),
            ("fold", Int),
            ("scheduled_for", Int),
            ("target_list_id", Text),
            ("retry_of", Text),
            ("created_by", Text),
            ("launched_at", Int),
        ],
        defaults: &[],
        parents: &[("flow_id", "flows"), ("revision_id", "flow_revisions")],
        write: Role::Operator,
    },
    Table {
        name: "sessions",
        columns: &[
            ("batch_id", Text),
            ("flow_id", Text),
            ("revision_id", Text),
            ("intake", Text),
            ("target_label", Text),
            ("target_notes", Text),
            ("position", Int),
            ("created_by", Text),
            ("created_at", Int),
            ("target_client", Text),
            ("target_site", Text),
            ("target_variables", Text),
        ],
        defaults: &[("target_variables", "{}")],
        parents: &[("batch_id", "batches"), ("flow_id", "flows"), ("revision_id", "flow_revisions")],
        write: Role::Operator,
    },
    Table {
        name: "session_events",
        columns: &[("session_id", Text), ("event", Text), ("author", Text), ("at", Int)],
        defaults: &[],
        parents: &[("session_id", "sessions")],
        write: Role::Operator,
    },
    Table {
        name: "batch_events",
        columns: &[("batch_id", Text), ("event", Text), ("author", Text), ("at", Int)],
        defaults: &[],
        parents: &[("batch_id", "batches")],
        write: Role::Operator,
    },
    // Made by the server; a person only settles one, which is a tombstone.
    Table {
        name: CONFLICTS,
        columns: &[
            ("table_name", Text),
            ("row_id", Text),
            ("losing_version", Text),
            ("content", Text),
            ("member_id", Text),
            ("at", Int),
        ],
        defaults: &[],
        parents: &[],
        write: Role::Operator,
    },
];

/// The register of which schedules are paused, where a pause wins over a colleague's resuming.
pub const PAUSES: &str = "schedule_pauses";

/// Copies that lost.
pub const CONFLICTS: &str = "conflicts";

/// The table of that name; `None` for one of a newer release.
#[must_use]
pub fn find(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

/// Its place in the order parents before children; unknown tables come last.
#[must_use]
pub fn place(name: &str) -> usize {
    TABLES.iter().position(|table| table.name == name).unwrap_or(TABLES.len())
}

impl Table {
    /// What a row means that lacks the column.
    #[must_use]
    pub fn default_of(&self, column: &str) -> Option<&'static str> {
        self.defaults.iter().find(|(name, _)| *name == column).map(|(_, value)| *value)
    }

    /// Whether the column is one of its own.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|(name, _)| *name == column)
    }
}
