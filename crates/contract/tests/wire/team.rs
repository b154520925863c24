//! Samples about teams: workspaces, members, sharing, conflicts and the audit.

use super::*;
use mf_contract::audit::*;
use mf_contract::members::*;
use mf_contract::sync::*;
use mf_contract::workspaces::*;
use mf_contract::{Confidential, Done};
use mf_domain::role::Role;

fn secret(text: &str) -> Confidential {
    Confidential(text.to_owned())
}

pub(crate) fn samples() -> Vec<Sample> {
    [workspaces(), members(), sync(), audit()].concat()
}

fn workspaces() -> Vec<Sample> {
    let local = WorkspaceSummary {
        id: id(12),
        name: "Local workspace".to_owned(),
        kind: WorkspaceKind::Local,
        role: Role::Owner,
        is_current: true,
    };
    let team = WorkspaceSummary {
        id: id(13),
        name: "Field team".to_owned(),
        kind: WorkspaceKind::Team,
        role: Role::Manager,
        is_current: false,
    };
    let left = WorkspaceSummary { kind: WorkspaceKind::Left, role: Role::Readonly, ..team.clone() };
    let connection = || secret("postgres://admin:word@db.example:5432/team");
    let ca_pem = || Some("-----BEGIN CERTIFICATE-----".to_owned());
    let plan = WorkspacePlan {
        host: "db.example".to_owned(),
        port: 5432,
        database: "team".to_owned(),
        server_version: "17.6".to_owned(),
        encrypted: true,
        steps: vec!["Make the roles mf_owner, mf_roles and mf_member".to_owned()],
        problems: vec!["The login may not create roles.".to_owned()],
    };
    let preview = PreviewWorkspace {
        connection: connection(),
        name: "Field team".to_owned(),
        member_name: "Ada".to_owned(),
        ca_pem: ca_pem(),
    };
    let create = CreateWorkspace {
        connection: connection(),
        name: "Field team".to_owned(),
        member_name: "Ada".to_owned(),
        ca_pem: ca_pem(),
        passphrase: Some(secret("correct horse battery")),
    };
    let status = SyncStatusReply {
        state: SyncState::Synced,
        waiting: 0,
        conflicts: 0,
        last_sync_at: Some(at(9)),
        problem: None,
        message: None,
        server: Some("db.example:5432".to_owned()),
        latency_ms: Some(12),
        progress: None,
        kept: 0,
    };
    let passphrase = || Some(secret("correct horse battery"));
    vec![
        sample(&ListWorkspaces {}, &vec![local, team.clone(), left]),
        sample(&SwitchWorkspace { id: id(13) }, &team),
        sample(&preview, &plan),
        sample(&create, &CreatedWorkspace { workspace_id: id(13), member_id: id(9) }),
        sample(&UpgradeWorkspace { connection: connection(), ca_pem: None }, &Done {}),
        sample(
            &JoinWorkspace { invite: secret("mf-invite-1-…"), passphrase: passphrase() },
            &JoinedWorkspace { workspace_id: id(13), member_id: id(9), role: Role::Operator },
        ),
        sample(&UnlockWorkspace { passphrase: secret("correct horse battery") }, &status),
        sample(&LeaveWorkspace {}, &Done {}),
        sample(
            &MoveToWorkspace { workspace_id: id(13) },
            &MovedToWorkspace { rows: 120, evidence: 2, schedules_paused: 1 },
        ),
        sample(&SecretStorage {}, &SecretStorageReply { place: SecretPlace::Keychain }),
        sample(&SecretStorage {}, &SecretStorageReply { place: SecretPlace::File }),
        sample(&SecretStorage {}, &SecretStorageReply { place: SecretPlace::Passphrase }),
    ]
}

fn members() -> Vec<Sample> {
    let here = Device { id: id(14), is_this: true, joined_at: Some(at(1)), last_sent_at: Some(at(9)) };
    let ada = Member {
        id: id(9),
        name: "Ada".to_owned(),
        role: Role::Owner,
        is_me: true,
        has_joined: true,
        removed_at: None,
        devices: vec![here],
    };
    let invited = Member {
        id: id(15),
        name: "Grace".to_owned(),
        role: Role::Operator,
        is_me: false,
        has_joined: false,
        removed_at: None,
        devices: vec![Device { id: id(16), is_this: false, joined_at: None, last_sent_at: None }],
    };
    let gone = Member {
        id: id(17),
        name: "Joan".to_owned(),
        removed_at: Some(at(2)),
        devices: vec![],
        ..invited.clone()
    };
    let invite = Invite { invite: secret("mf-invite-1-…"), member_id: id(15), expires_at: at(72) };
    vec![
        sample(&ListMembers { removed: true }, &vec![ada, invited.clone(), gone]),
        sample(&InviteMember { name: "Grace".to_owned(), role: Role::Operator }, &invite),
        sample(&InviteDevice { id: Some(id(15)) }, &invite),
        sample(&InviteDevice { id: None }, &invite),
        sample(&SetMemberRole { id: id(15), role: Role::Operator }, &invited),
        sample(&RemoveMember { id: id(15) }, &Done {}),
    ]
}

fn sync() -> Vec<Sample> {
    let status = |state, problem, message: Option<&str>| SyncStatusReply {
        state,
        waiting: 3,
        conflicts: 1,
        last_sync_at: Some(at(9)),
        problem,
        message: message.map(str::to_owned),
        server: Some("db.example:5432".to_owned()),
        latency_ms: Some(12),
        progress: None,
        kept: 0,
    };
    let local = SyncStatusReply {
        state: SyncState::LocalOnly,
        waiting: 0,
        conflicts: 0,
        last_sync_at: None,
        problem: None,
        message: None,
        server: None,
        latency_ms: None,
        progress: None,
        kept: 0,
    };
    let under_way = SyncStatusReply {
        progress: Some(SyncProgress { sent: 500, to_send: 1_200, received: 0 }),
        ..status(SyncState::Waiting, None, None)
    };
    let offline = |problem| status(SyncState::Offline, Some(problem), Some("A sentence for a person."));
    let conflict = Conflict {
        id: id(18),
        reason: ConflictReason::Concurrent,
        entity: "target_lists".to_owned(),
        row_id: id::<TargetListId>(3).to_string(),
        name: Some("RDS farm".to_owned()),
        at: at(8),
        member_id: Some(id(9)),
        member_name: Some("Ada".to_owned()),
        lost: Some(serde_json::json!({"name": "RDS farm, old"})),
        stands: Some(serde_json::json!({"name": "RDS farm"})),
        can_restore: true,
    };
    let refused = |reason| Conflict { reason, stands: None, can_restore: false, ..conflict.clone() };
    use ConflictReason::*;
    let conflicts = vec![
        conflict.clone(),
        Conflict { lost: None, name: None, member_id: None, member_name: None, ..conflict.clone() },
        refused(Forbidden),
        refused(Invalid),
        refused(ParentMissing),
        refused(Gone),
    ];
    let mut samples = vec![
        sample(&SyncNow {}, &SyncReport { pushed: 3, pulled: 12, rejected: 1, conflicts: 2 }),
        sample(&SyncStatus {}, &local),
        sample(&SyncStatus {}, &status(SyncState::Synced, None, None)),
        sample(&SyncStatus {}, &under_way),
        sample(&SyncStatus {}, &status(SyncState::Conflict, None, None)),
    ];
    use SyncProblem::*;
    for problem in
        [Unreachable, Untrusted, NotLetIn, Locked, NoSecret, ClientTooOld, ServerTooOld, Left, Defect]
    {
        samples.push(sample(&SyncStatus {}, &offline(problem)));
    }
    samples.extend([
        sample(&ListConflicts {}, &conflicts),
        sample(&RestoreConflict { id: id(18) }, &Done {}),
        sample(&DismissConflict { id: id(18) }, &Done {}),
    ]);
    samples
}

fn audit() -> Vec<Sample> {
    let filter = || AuditFilter {
        member_id: Some(id(9)),
        device_id: Some(id(14)),
        entity: Some("target_lists".to_owned()),
        row_id: Some(id::<TargetListId>(3).to_string()),
        action: Some("update".to_owned()),
        from: Some(at(0)),
        to: Some(at(10)),
    };
    let edit = AuditEntry {
        id: 42,
        at: at(9),
        member_id: Some(id(9)),
        member_name: Some("Ada".to_owned()),
        device_id: Some(id(14)),
        action: "update".to_owned(),
        entity: Some("target_lists".to_owned()),
        row_id: Some(id::<TargetListId>(3).to_string()),
        name: Some("RDS farm".to_owned()),
        detail: None,
    };
    let role = AuditEntry {
        id: 41,
        action: "set_role".to_owned(),
        entity: None,
        row_id: None,
        name: None,
        detail: Some("Grace: operator".to_owned()),
        ..edit.clone()
    };
    let path = || "/home/me/audit.csv".to_owned();
    vec![
        sample(&ListAudit { filter: filter(), limit: Some(50), before: Some(43) }, &vec![edit, role]),
        sample(&ListAudit::default(), &Vec::new()),
        sample(
            &ExportAudit { path: path(), filter: filter() },
            &ExportedAudit { path: path(), bytes: 4_096, entries: 12 },
        ),
    ]
}
