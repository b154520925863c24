//! The list of commands, and what follows from it.

use crate::error::{ApiError, ErrorCode};
use crate::{
    Done, agenda, audit, batches, blackouts, board, drafts, flows, members, notifications, reports, sample,
    schedules, search, sessions, standings, sync, target_imports, target_lists, workspace, workspaces,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::future::Future;
use std::pin::Pin;

/// A request that has a name on the wire and a reply of its own.
pub trait Command: Serialize + DeserializeOwned + Send {
    /// The name outsiders call it by; never renamed.
    const NAME: &'static str;
    /// What a success answers.
    type Reply: Serialize + DeserializeOwned + Send;
}

/// Whoever answers commands; its error says how it fails, before the boundary turns that into [`ApiError`].
pub trait Answers {
    type Error: Into<ApiError>;
}

/// Answers one command.
pub trait Handle<C: Command>: Answers {
    /// Carries the command out.
    fn handle(&self, request: C) -> impl Future<Output = Result<C::Reply, Self::Error>> + Send;
}

macro_rules! commands {
    ($($name:literal $request:path => $reply:ty,)+) => {
        $(impl Command for $request {
            const NAME: &'static str = $name;
            type Reply = $reply;
        })+

        /// The name of every command.
        pub const COMMANDS: &[&str] = &[$($name),+];

        /// Answers every command of the contract.
        pub trait Handlers: $(Handle<$request> +)+ Sync {}
        impl<T> Handlers for T where T: $(Handle<$request> +)+ Sync {}

        /// Carries out the command `name` with a JSON payload and answers with JSON.
        ///
        /// # Errors
        /// `validation` naming `command` when there is none of that name, or the field when the payload does not
        /// parse; whatever the handler answers.
        pub async fn dispatch<H: Handlers>(handlers: &H, name: &str, payload: &str) -> Result<String, ApiError> {
            match name {
                $($name => answer::<H, $request>(handlers, payload).await,)+
                _ => Err(ApiError::unknown_command(name)),
            }
        }
    };
}

type Answering<'a> = Pin<Box<dyn Future<Output = Result<String, ApiError>> + Send + 'a>>;

/// Boxed, because one future per command would make [`dispatch`]'s as large as all of them together.
fn answer<'a, H: Handle<C> + Sync, C: Command + 'a>(handlers: &'a H, payload: &'a str) -> Answering<'a> {
    Box::pin(async move {
        let request: C = parse(payload)?;
        let reply = handlers.handle(request).await.map_err(Into::into)?;
        serde_json::to_string(&reply)
            .map_err(|_| ApiError::internal("the reply could not be written as JSON"))
    })
}

/// Reads a request.
///
/// # Errors
/// `validation`, naming the field, or `payload` for what is not a JSON object at all.
pub fn parse<C: Command>(payload: &str) -> Result<C, ApiError> {
    let text = if payload.trim().is_empty() { "{}" } else { payload };
    let mut json = serde_json::Deserializer::from_str(text);
    let request = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        ApiError::unreadable((path != ".").then_some(path), &error.into_inner())
    })?;
    json.end().map_err(|error| ApiError::unreadable(None, &error))?;
    objects_are_objects(text, &request)?;
    Ok(request)
}

/// A derived reader takes a list for an object, its items for the fields in their order: `["RDS-01", "note"]` for a
/// target. What was read is written again and must have objects where it was given objects.
fn objects_are_objects<C: Command>(text: &str, request: &C) -> Result<(), ApiError> {
    // Most requests hold no list at all: they are read once.
    if !text.contains('[') {
        return Ok(());
    }
    let unreadable = |error| ApiError::unreadable(None, &error);
    let given: Value = serde_json::from_str(text).map_err(unreadable)?;
    let read = serde_json::to_value(request).map_err(unreadable)?;
    match list_for_object("", &given, &read) {
        None => Ok(()),
        Some(path) if path.is_empty() => {
            Err(ApiError::new(ErrorCode::Validation, "the payload must be a JSON object").on("payload"))
        }
        Some(path) => Err(ApiError::new(ErrorCode::Validation, "must be a JSON object").on(path)),
    }
}

fn list_for_object(path: &str, given: &Value, read: &Value) -> Option<String> {
    match (given, read) {
        (Value::Array(_), Value::Object(_)) => Some(path.to_owned()),
        (Value::Array(given), Value::Array(read)) => given
            .iter()
            .zip(read)
            .enumerate()
            .find_map(|(i, (given, read))| list_for_object(&format!("{path}[{i}]"), given, read)),
        (Value::Object(given), Value::Object(read)) => given.iter().find_map(|(key, given)| {
            let joint = if path.is_empty() { "" } else { "." };
            list_for_object(&format!("{path}{joint}{key}"), given, read.get(key)?)
        }),
        _ => None,
    }
}

commands! {
    "flow_counts" flows::FlowCounts => flows::FlowCountsReply,
    "list_flows" flows::ListFlows => Vec<flows::FlowSummary>,
    "get_flow" flows::GetFlow => flows::Flow,
    "create_flow" flows::CreateFlow => flows::Flow,
    "update_flow" flows::UpdateFlow => flows::Flow,
    "delete_flow" flows::DeleteFlow => Done,
    "import_flow_markdown" flows::ImportFlowMarkdown => flows::Flow,
    "preview_flow_markdown" flows::PreviewFlowMarkdown => flows::RunbookPreview,
    "preview_flow_json" flows::PreviewFlowJson => flows::FlowPreview,
    "import_flow_json" flows::ImportFlowJson => flows::Flow,
    "export_flow" flows::ExportFlow => flows::ExportedFlow,
    "list_flow_revisions" flows::ListFlowRevisions => Vec<flows::RevisionSummary>,
    "get_flow_revision" flows::GetFlowRevision => flows::FlowRevision,
    "compare_revisions" flows::CompareRevisions => flows::RevisionComparison,
    "restore_revision" flows::RestoreRevision => flows::Flow,

    "put_draft" drafts::PutDraft => drafts::DraftSummary,
    "get_draft" drafts::GetDraft => Option<drafts::Draft>,
    "list_drafts" drafts::ListDrafts => Vec<drafts::DraftSummary>,
    "delete_draft" drafts::DeleteDraft => Done,

    "list_target_lists" target_lists::ListTargetLists => Vec<target_lists::TargetListSummary>,
    "get_target_list" target_lists::GetTargetList => target_lists::TargetList,
    "create_target_list" target_lists::CreateTargetList => target_lists::TargetList,
    "update_target_list" target_lists::UpdateTargetList => target_lists::TargetList,
    "delete_target_list" target_lists::DeleteTargetList => Done,
    "list_clients" target_lists::ListClients => Vec<target_lists::ClientSummary>,
    "preview_target_import" target_imports::PreviewTargetImport => target_imports::TargetImportPreview,
    "import_targets" target_imports::ImportTargets => target_imports::TargetImport,
    "undo_target_import" target_imports::UndoTargetImport => Done,

    "launch_batch" batches::LaunchBatch => batches::LaunchedBatch,
    "list_batches" batches::ListBatches => Vec<batches::BatchSummary>,
    "get_batch" batches::GetBatch => batches::Batch,
    "set_batch_intake" batches::SetBatchIntake => batches::Batch,
    "retry_batch" batches::RetryBatch => batches::LaunchedBatch,
    "cancel_batch" batches::CancelBatch => Done,
    "make_report" reports::MakeReport => reports::ReportDocument,
    "assign_targets" batches::AssignTargets => batches::LaunchedBatch,
    "set_batch_waves" batches::SetBatchWaves => batches::Batch,
    "continue_batch" batches::ContinueBatch => batches::Batch,
    "set_batch_ticket" batches::SetBatchTicket => batches::Batch,
    "sign_off_batch" batches::SignOffBatch => batches::Batch,
    "withdraw_sign_off" batches::WithdrawSignOff => batches::Batch,

    "get_board" board::GetBoard => board::Board,

    "list_sessions" sessions::ListSessions => Vec<sessions::SessionSummary>,
    "session_counts" sessions::SessionCounts => sessions::SessionCountsReply,
    "count_work" sessions::CountWork => sessions::WorkCounts,
    "get_session" sessions::GetSession => sessions::Session,
    "create_session" sessions::CreateSession => sessions::Session,
    "start_session" sessions::StartSession => sessions::Session,
    "record_step" sessions::RecordStep => sessions::Session,
    "record_steps" sessions::RecordSteps => sessions::ManyChanged,
    "add_note" sessions::AddNote => sessions::Session,
    "add_notes" sessions::AddNotes => sessions::ManyChanged,
    "complete_session" sessions::CompleteSession => sessions::Session,
    "complete_sessions" sessions::CompleteSessions => sessions::ManyChanged,
    "reopen_session" sessions::ReopenSession => sessions::Session,
    "cancel_session" sessions::CancelSession => sessions::Session,
    "assign_session" sessions::AssignSession => sessions::Session,
    "assign_sessions" sessions::AssignSessions => sessions::ManyChanged,
    "add_evidence" sessions::AddEvidence => sessions::Session,
    "remove_evidence" sessions::RemoveEvidence => sessions::Session,
    "read_evidence" sessions::ReadEvidence => sessions::EvidenceContent,
    "add_step" sessions::AddStep => sessions::Session,
    "add_rollback_step" sessions::AddRollbackStep => sessions::Session,
    "answer_question" sessions::AnswerQuestion => sessions::Session,
    "step_back" sessions::StepBack => sessions::Session,

    "create_schedule" schedules::CreateSchedule => schedules::Schedule,
    "get_schedule_for_flow" schedules::GetScheduleForFlow => Option<schedules::Schedule>,
    "list_schedules" schedules::ListSchedules => Vec<schedules::Schedule>,
    "list_unreadable_schedules" schedules::ListUnreadableSchedules => Vec<schedules::UnreadableSchedule>,
    "list_schedule_standings" standings::ListScheduleStandings => Vec<standings::ScheduleStanding>,
    "set_schedules_active" standings::SetSchedulesActive => standings::SchedulesChanged,
    "update_schedule" schedules::UpdateSchedule => schedules::Schedule,
    "delete_schedule" schedules::DeleteSchedule => Done,
    "preview_schedule" schedules::PreviewSchedule => schedules::SchedulePreview,
    "list_time_zones" schedules::ListTimeZones => Vec<String>,
    "list_missed_occurrences" schedules::ListMissedOccurrences => Vec<schedules::MissedOccurrence>,
    "run_missed_occurrence" schedules::RunMissedOccurrence => batches::LaunchedBatch,
    "skip_missed_occurrence" schedules::SkipMissedOccurrence => Done,
    "create_blackout_calendar" blackouts::CreateBlackoutCalendar => blackouts::BlackoutCalendar,
    "get_blackout_calendar" blackouts::GetBlackoutCalendar => blackouts::BlackoutCalendar,
    "list_blackout_calendars" blackouts::ListBlackoutCalendars => Vec<blackouts::BlackoutCalendarSummary>,
    "update_blackout_calendar" blackouts::UpdateBlackoutCalendar => blackouts::BlackoutCalendar,
    "import_blackout_calendar" blackouts::ImportBlackoutCalendar => blackouts::ImportedBlackoutCalendar,
    "delete_blackout_calendar" blackouts::DeleteBlackoutCalendar => Done,
    "scheduler_tick" schedules::SchedulerTick => schedules::TickReport,

    "list_notifications" notifications::ListNotifications => Vec<notifications::Notification>,
    "notification_counts" notifications::NotificationCounts => notifications::NotificationCountsReply,
    "test_notification" notifications::TestNotification => notifications::TestedNotification,
    "mark_notification_read" notifications::MarkNotificationRead => Done,

    "create_sample" sample::CreateSample => sample::Sample,
    "delete_sample" sample::DeleteSample => sample::DeletedSample,
    "list_upcoming" agenda::ListUpcoming => Vec<agenda::UpcomingRun>,
    "list_upcoming_days" agenda::ListUpcomingDays => Vec<agenda::UpcomingDay>,
    "get_today" agenda::GetToday => agenda::Today,
    "search" search::Search => Vec<search::SearchHit>,

    "export_all" workspace::ExportAll => Vec<workspace::ExportedEntity>,
    "export_all_to_file" workspace::ExportAllToFile => workspace::ExportedAll,
    "about" workspace::About => workspace::AboutReply,
    "workspace_health" workspace::WorkspaceHealth => workspace::Health,
    "list_backups" workspace::ListBackups => Vec<workspace::BackupInfo>,
    "make_backup" workspace::MakeBackup => workspace::BackupInfo,
    "export_backup" workspace::ExportBackup => workspace::ExportedBackup,
    "restore_backup" workspace::RestoreBackup => workspace::RestoredBackup,
    "recover_workspace" workspace::RecoverWorkspace => workspace::Health,

    "list_workspaces" workspaces::ListWorkspaces => Vec<workspaces::WorkspaceSummary>,
    "switch_workspace" workspaces::SwitchWorkspace => workspaces::WorkspaceSummary,
    "preview_workspace" workspaces::PreviewWorkspace => workspaces::WorkspacePlan,
    "create_workspace" workspaces::CreateWorkspace => workspaces::CreatedWorkspace,
    "upgrade_workspace" workspaces::UpgradeWorkspace => Done,
    "join_workspace" workspaces::JoinWorkspace => workspaces::JoinedWorkspace,
    "unlock_workspace" workspaces::UnlockWorkspace => sync::SyncStatusReply,
    "leave_workspace" workspaces::LeaveWorkspace => Done,
    "move_to_workspace" workspaces::MoveToWorkspace => workspaces::MovedToWorkspace,
    "secret_storage" workspaces::SecretStorage => workspaces::SecretStorageReply,

    "list_members" members::ListMembers => Vec<members::Member>,
    "invite_member" members::InviteMember => members::Invite,
    "invite_device" members::InviteDevice => members::Invite,
    "set_member_role" members::SetMemberRole => members::Member,
    "remove_member" members::RemoveMember => Done,

    "sync_now" sync::SyncNow => sync::SyncReport,
    "sync_status" sync::SyncStatus => sync::SyncStatusReply,
    "list_conflicts" sync::ListConflicts => Vec<sync::Conflict>,
    "restore_conflict" sync::RestoreConflict => Done,
    "dismiss_conflict" sync::DismissConflict => Done,

    "list_audit" audit::ListAudit => Vec<audit::AuditEntry>,
    "export_audit" audit::ExportAudit => audit::ExportedAudit,
}
