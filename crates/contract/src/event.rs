//! What happened, told to every window after the commit. Pages that show it load that piece again.

use mf_domain::ids::{BatchId, FlowId, SessionId, TargetListId};
use serde::{Deserialize, Serialize};

/// The one channel events travel on.
pub const EVENT_CHANNEL: &str = "mf-event";

/// A change that is on disk, or a request to the interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A flow was created, changed or deleted.
    FlowChanged { flow_id: FlowId },
    /// A target list was created, changed or deleted.
    TargetListChanged { target_list_id: TargetListId },
    /// A batch appeared, or changed: its intake, its sessions as a whole, or what happened to it (ticket, sign-off, waves).
    BatchChanged { batch_id: BatchId, flow_id: FlowId },
    /// A session changed; its batch's rollup may have.
    SessionChanged { session_id: SessionId, batch_id: Option<BatchId>, flow_id: FlowId },
    /// The schedule of a flow changed, fired or missed.
    ScheduleChanged { flow_id: FlowId },
    /// A report is being written: targets dealt with, of all.
    ReportProgress { batch_id: BatchId, done: u32, total: u32 },
    /// A backup was made by hand.
    BackupsChanged,
    /// The notification centre changed.
    NotificationsChanged,
    /// How far this computer and the team's server are apart changed, or whether the server is reached.
    SyncStatusChanged,
    /// Somebody was invited, joined or left, or has another role.
    MembersChanged,
    /// A copy lost, or a conflict was settled.
    ConflictsChanged,
    /// A workspace was made, joined or left, or the windows show another one.
    WorkspacesChanged,
    /// Anything may have changed: another process wrote to the workspace, or very much changed at once.
    EverythingChanged,
    /// Show this page: a native notification was clicked.
    Navigate { route: String },
}
