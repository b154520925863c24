//! The tables a team shares, as both databases have them: the one place that lists their columns.
//!
//! A macro, so that whoever needs SQL for each table has it as static text. The list is compared with the migrations of
//! SQLite and of Postgres by tests, so a column that is added to one of them and forgotten here or there does not pass.

use crate::role::Role;

/// What a column holds. JSON travels as the text it is stored as: byte for byte the same on every replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text and ids.
    Text,
    /// Text that is JSON.
    Json,
    /// Numbers, 0 and 1.
    Int,
    /// Milliseconds since 1970.
    Instant,
}

impl Kind {
    /// Whether both databases keep it as a number.
    #[must_use]
    pub fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Instant)
    }
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

/// Hands every synced table to the macro `$with`, as
/// `name, Role, [first Kind], [column Kind, …], {column default, …}, {column parent, …};`. Parents before children; a flow
/// and its head revision name each other and travel together.
#[macro_export]
macro_rules! synced_tables {
    ($with:ident) => {
        $with! {
            flows, Manager, [name Text], [
                description Text, flow_type Text, head_id Text, created_by Text, created_at Instant,
                updated_at Instant
            ], {}, {head_id flow_revisions};
            flow_revisions, Manager, [flow_id Text], [
                parent_id Text, name Text, description Text, flow_type Text, structure Json, intake_form Json,
                step_count Int, estimate_minutes Int, created_by Text, created_at Instant
            ], {}, {flow_id flows};
            target_lists, Operator, [name Text], [
                description Text, targets Json, created_by Text, created_at Instant, updated_at Instant, client Text,
                site Text
            ], {}, {};
            blackout_calendars, Manager, [name Text], [
                entries Json, created_by Text, created_at Instant, updated_at Instant
            ], {}, {};
            schedules, Manager, [flow_id Text], [
                recurrence Json, timezone Text, target_list_id Text, misfire Text, overlap Text, grace_seconds Int,
                intake Json, created_by Text, created_at Instant, updated_at Instant, windows Json, blackout_ids Json,
                on_blackout Text, notify_before Int, notify_unfinished_at Text
            ], {windows "[]", blackout_ids "[]", on_blackout "skip"}, {flow_id flows};
            active_schedules, Manager, [schedule_id Text], [
            ], {}, {schedule_id schedules};
            schedule_pauses, Manager, [paused Int], [
            ], {}, {id schedules};
            batches, Operator, [flow_id Text], [
                revision_id Text, origin Text, intake Json, schedule_id Text, schedule_version Text, zone Text,
                nominal_local Text, fold Int, scheduled_for Instant, target_list_id Text, retry_of Text,
                created_by Text, launched_at Instant
            ], {}, {flow_id flows, revision_id flow_revisions};
            sessions, Operator, [batch_id Text], [
                flow_id Text, revision_id Text, intake Json, target_label Text, target_notes Text, position Int,
                created_by Text, created_at Instant, target_client Text, target_site Text, target_variables Json
            ], {target_variables "{}"}, {batch_id batches, flow_id flows, revision_id flow_revisions};
            session_events, Operator, [session_id Text], [
                event Json, author Text, at Instant
            ], {}, {session_id sessions};
            batch_events, Operator, [batch_id Text], [
                event Json, author Text, at Instant
            ], {}, {batch_id batches};
            // Made by the server; a person only settles one, which is a tombstone.
            conflicts, Operator, [table_name Text], [
                row_id Text, losing_version Text, content Json, member_id Text, at Instant
            ], {}, {};
        }
    };
}

macro_rules! listed {
    ($($name:ident, $write:ident, [$first:ident $kind:ident], [$($column:ident $of:ident),*],
       {$($late:ident $default:literal),*}, {$($reference:ident $parent:ident),*};)*) => {
        /// Parents before children.
        pub const TABLES: &[Table] = &[$(Table {
            name: stringify!($name),
            columns: &[(stringify!($first), Kind::$kind), $((stringify!($column), Kind::$of)),*],
            defaults: &[$((stringify!($late), $default)),*],
            parents: &[$((stringify!($reference), stringify!($parent))),*],
            write: Role::$write,
        }),*];
    };
}
crate::synced_tables!(listed);

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
