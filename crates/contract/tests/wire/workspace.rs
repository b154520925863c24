//! Samples about the notification centre and the workspace.

use super::*;
use mf_contract::Done;
use mf_contract::notifications::*;
use mf_contract::workspace::*;
use mf_domain::role::Role;

pub(crate) fn samples() -> Vec<Sample> {
    let notice = |kind, read_at| Notification {
        id: id(11),
        kind,
        title: "Maintenance run ready: Patch Citrix — 8 sessions created".to_owned(),
        body: "Due 2026-12-08 22:00, Europe/Berlin".to_owned(),
        route: "/batches/5".to_owned(),
        actions: Vec::new(),
        created_at: at(9),
        read_at,
    };
    let asking = Notification {
        actions: vec![
            NotificationAction::RunMissedOccurrence { schedule_id: id(4), nominal: at(1) },
            NotificationAction::SkipMissedOccurrence { schedule_id: id(4), nominal: at(1) },
        ],
        ..notice(NotificationKind::RunAsked, None)
    };
    let notices = vec![
        notice(NotificationKind::RunReady, None),
        notice(NotificationKind::RunMissed, Some(at(10))),
        asking,
        notice(NotificationKind::RunSoon, None),
        notice(NotificationKind::RunUnfinished, None),
        notice(NotificationKind::SchedulerRestarted, None),
        notice(NotificationKind::RunKeptBack, None),
        notice(NotificationKind::ScheduleUnreadable, None),
        notice(NotificationKind::ChangesRefused, None),
        notice(NotificationKind::MembershipEnded, None),
    ];
    let list = ListNotifications { unread: Some(true), limit: Some(100), before: Some(id(11)) };
    let exported = ExportedEntity {
        kind: "target_lists".to_owned(),
        id: id::<TargetListId>(3).to_string(),
        row: serde_json::json!({"name": "RDS farm"}),
    };
    let about = AboutReply {
        version: "0.1.0".to_owned(),
        sqlite_version: "3.51.3".to_owned(),
        zone_database: "2026e".to_owned(),
        data_folder: "/home/me".to_owned(),
        database_path: "/home/me/local.db".to_owned(),
        database_bytes: 122_880,
        counts: WorkspaceCounts { flows: 3, target_lists: 2, schedules: 1, batches: 2, sessions: 10 },
        team_id: id(12),
        member_id: id(9),
        role: Role::Owner,
    };
    let backup = BackupInfo {
        file_name: "20261208T120000000Z-daily.db".to_owned(),
        made_at: at(0),
        bytes: 4_096,
        reason: BackupReason::Daily,
    };
    let by_hand = BackupInfo { reason: BackupReason::Manual, ..backup.clone() };
    let replaced = BackupInfo {
        file_name: "local.db.replaced-20261208T120000Z".to_owned(),
        reason: BackupReason::Replaced,
        ..backup.clone()
    };
    let path = || "/home/me/copy.db".to_owned();
    let corrupt = Health::Corrupt {
        reason: "SQLite cannot read it".to_owned(),
        database_path: "/home/me/local.db".to_owned(),
        newest_backup: Some(backup.clone()),
    };
    let read_only = Health::ReadOnly { reason: "a newer release wrote it".to_owned() };
    vec![
        sample(&list, &notices),
        sample(&NotificationCounts {}, &NotificationCountsReply { unread: 3 }),
        sample(&TestNotification {}, &TestedNotification { handed_over: true }),
        sample(&MarkNotificationRead { id: Some(id(11)) }, &Done {}),
        sample(&MarkNotificationRead { id: None }, &Done {}),
        sample(&ExportAll {}, &vec![exported]),
        sample(
            &ExportAllToFile { path: "/home/me/all.json".to_owned() },
            &ExportedAll { path: "/home/me/all.json".to_owned(), bytes: 4_096, entities: 12 },
        ),
        sample(&About {}, &about),
        sample(&WorkspaceHealth {}, &Health::Ready),
        sample(&WorkspaceHealth {}, &read_only),
        sample(&WorkspaceHealth {}, &corrupt),
        sample(&ListBackups {}, &vec![by_hand.clone(), backup, replaced]),
        sample(&MakeBackup {}, &by_hand),
        sample(
            &ExportBackup { path: path() },
            &ExportedBackup { path: path(), bytes: 4_096, evidence: 2, evidence_missing: 0 },
        ),
        sample(
            &RestoreBackup { file_name: Some("20261208T120000000Z-daily.db".to_owned()), path: None },
            &RestoredBackup {
                kept_as: Some("/home/me/local.db.replaced-20261208T120000Z".to_owned()),
                evidence: 2,
                evidence_missing: 1,
            },
        ),
        sample(
            &RestoreBackup { file_name: None, path: Some(path()) },
            &RestoredBackup { kept_as: None, evidence: 0, evidence_missing: 0 },
        ),
        sample(&RecoverWorkspace { action: Recovery::RestoreNewestBackup }, &Health::Ready),
        sample(&RecoverWorkspace { action: Recovery::StartEmpty }, &Health::Ready),
    ]
}
