//! The design system: pure components over the tokens of `styles/tokens.css`.
//!
//! A component draws its properties and calls back; it asks the engine nothing. Deliberately absent: inline styles,
//! colour without icon and word, and state that a page has to know.
//!
//! # Names for tests
//! `document.documentElement.dataset.ready` is `"true"` once the first data (or the reason why there is none) is on the
//! screen. These `data-testid`s are stable:
//!
//! | where | names |
//! |---|---|
//! | shell | `nav-today`, `nav-flows`, `nav-troubleshooting`, `nav-procedural`, `nav-maintenance`, `nav-sessions`, `nav-schedules`, `nav-calendar`, `nav-notifications`, `nav-target-lists`, `flow-count`, `unread-count`, `bell`, `open-palette`, `palette`, `palette-input`, `palette-entry`, `undo`, `view`, `sync-chip`, `workspace-menu` (a menu with `switch-workspace`, `to-sharing`), `theme`, `open-shortcuts`, `shortcuts`, `read-only`, `toast`, `trouble`, `retry` |
//! | damaged workspace | `corrupt`, `restore-backup`, `start-empty`, `recover-confirm` |
//! | today | `today`, `headline`, `to-launch`, `open-batch`, `today-session`, `all-running`, `week-run`, `next-run`, `need`, `missed-run`, `run-missed`, `skip-missed`, `remove-sample`; before there is anything `welcome`, `make-sample`, `import-markdown`, `first-target-list`, `first-schedule` |
//! | calendar | `calendar`, `calendar-title`, `calendar-back`, `calendar-today`, `calendar-on`, `calendar-month`, `calendar-week`, `calendar-day` (with `data-date`), `calendar-entry`, `calendar-detail`, `calendar-line`, `to-schedules` |
//! | schedules | `schedules`, `schedule-row`, `last-run`, `schedule-search`, `filter-all`, `filter-<health>`, `schedule-sort`, `clear-filters`, `selected`, `pause-schedules`, `resume-schedules`, `schedules-refused`, `select-refused`, `to-calendar` |
//! | library | `import-markdown`, `new-flow`, `flow-search`, `type-all`, `type-<type>`, `flow-sort`, `view-grid`, `view-list`, `view-table`, `flow-row` |
//! | import | `import-text`, `import-file`, `import-type-maintenance`, `import-type-procedural`, `import-preview`, `import-submit` |
//! | flow | `edit-flow`, `flow-more` (a menu with `start-on-target`, `flow-revisions`, `export-flow`, `delete-flow`), `batch-launch`, `new-session`, `start-target-list`, `start-target`, `start-target-notes`, `start-for-target`, `new-session-submit`, `resume-session`, `open-session`, `export-markdown`, `export-json`, `delete-flow-confirm`, `flow-about`, `history-row`, `all-runs` |
//! | editor | `flow-name`, `flow-description`, `flow-type-<type>`, `flow-sign-off-<rule>`, `edit-step`, `edit-step-open`, `step-title`, `step-body`, `step-preview`, `markdown-preview`, `step-content-<content>`, `step-evidence-<rule>`, `step-estimate`, `step-rollback`, `step-up`, `step-down`, `step-duplicate`, `step-delete`, `unknown-variable`, `add-step`, `add-question`, `edit-question`, `question-<part>`, `editor-undo`, `editor-redo`, `editor-close`, `editor-save`, `editor-state`, `editor-conflict`, `take-theirs`, `save-mine`, `editor-recovered`, `discard-draft`, `leaving`, `leave`, `save-and-leave` |
//! | tree editor | `tree-node`, `tree-outline`, `tree-drawing`, `node-kind-<kind>`, `node-title`, `node-body`, `answer-label`, `leads-to`, `add-answer`, `node-start`, `node-duplicate`, `node-delete`, `node-close` |
//! | revisions | `revision-row`, `compare-from`, `compare-to`, `difference`, `difference-piece`, `restore-revision`, `restore-revision-confirm` |
//! | schedule | `set-schedule`, `schedule-card`, `schedule-limits`, `next-runs`, `run-remark`, `schedule-answers`, `missed`, `missed-row`, `run-missed`, `skip-missed`, `edit-schedule`, `toggle-schedule`, `schedule-more` (a menu with `delete-schedule`), `delete-schedule-confirm`; in the dialog `preset-daily`, `preset-weekdays`, `preset-weekly`, `preset-monthly`, `preset-nth-weekday`, `preset-patch-tuesday`, `preset-cron`, `time`, `day-<weekday>`, `day-of-month`, `nth`, `weekday`, `offset-days`, `cron`, `zone`, `misfire`, `grace`, `overlap`, `schedule-list`, `limits`, `add-window`, `window-row`, `window-<weekday>`, `window-from`, `window-to`, `remove-window`, `blackout-choice`, `manage-blackouts`, `on-blackout-skip`, `on-blackout-move`, `notify-before`, `notify-open-at`, `schedule-preview`, `never-runs`, `schedule-save` |
//! | launch | `launch-saved`, `launch-previous`, `launch-manual`, `launch-file` (tabs), `launch-list`, `launch-run`, `launch-all`, `launch-only-failed`, `launch-targets`, `line-errors`, `launch-waves`, `launch-canary`, `launch-max-in-progress`, `launch-stop-after-failures`, `launch-preview`, `launch-submit` |
//! | file of targets | `targets-file`, `file-name`, `file-facts`, `import-preset`, `column-label`, `column-client`, `column-site`, `column-notes`, `variable-key`, `variable-column`, `add-variable`, `import-counts`, `rows-all`, `rows-create`, `rows-update`, `rows-skip`, `rows-rejected`, `import-row`, `download-rejected` |
//! | intake | `intake-<key>`, `missing-intake`, `intake-save` |
//! | sessions | `work`, `client-row`, `batch-row`, `batch-session-row`, `single-session-row`, `expand`, `filter-all`, `filter-pending`, `filter-in_progress`, `filter-failed`, `filter-finished`, `who-anyone`, `who-mine`, `who-nobody`, `group-clients`, `session-search`, `session-flow`, `session-client`, `session-when`, `session-from`, `session-to`, `clear-filters` |
//! | batch | `rollup`, `board-times` (with `left`), `retry-failed`, `retry-of`, `retried-by`, `report` (a menu with `report-pdf`, `report-csv`, `report-markdown`), `work-bar`, `batch-more` (a menu with `set-ticket`, `edit-targets`, `set-waves`, `sign-off`, `cancel-batch`), `cancel-batch-confirm`, `fact-ticket`, `fact-sign-off`, `fact-waves`, `fact-unassigned`, `name-targets`, `waves-halted`, `waves-waiting`, `continue-batch`, `continue-batch-confirm` |
//! | dialogs of a batch | `ticket`, `ticket-save`, `sign-off-words`, `sign-off-note`, `sign-off-confirm`, `waves-canary`, `waves-max-in-progress`, `waves-stop-after-failures`, `waves-save`, `batch-targets`, `targets-preview`, `targets-save` |
//! | board | `filter-all`, `filter-pending`, `filter-running`, `filter-failed`, `filter-done`, `filter-skipped` and `filter-cancelled` (where there are such targets), `filter-whose`, `filter-client`, `board-search`, `session-row` (with `data-status`), `cell-note`, `board-done`, `board-failed`, `board-skip`, `board-note-open`, `board-note`, `board-note-confirm`, `board-complete`, `board-assign`, `board-assign-me`, `board-assign-nobody`, `board-details`, `details`, `board-refused`, `refused-session`, `select-refused` |
//! | runner | `target`, `to-batch`, `session-more` with `cancel-session`, `cancel-session-confirm`, `start-session`, `step` (with `data-outcome`; the open one with `data-open`), `step-note`, `step-done`, `step-failed`, `step-failed-confirm`, `step-skip`, `step-skip-confirm`, `step-note-focus`, `step-note-save`, `complete-session`, `session-ended` (with `data-status`), `next-target`, `reopen-session`, `late`, `session-note-open`, `session-note`, `session-note-save`, `session-evidence-open`, `session-time`, `step-time`, `overruled`, `held`, `held-next`, `continue-batch`, `continue-batch-confirm`, `assignee`, `assign`, `hand-over`, `hand-over-note`, `hand-over-confirm`, `unassigned`, `add-step`, `add-step-dialog`, `added-title`, `added-description`, `added-place`, `add-step-confirm`, `added-step`, `rollback-offer`, `rollback`, `rollback-step`; troubleshooting: `node`, `answer`, `action-done`, `step-back` |
//! | evidence | `step-evidence`, `evidence-area`, `evidence-open-field`, `evidence-text-field`, `evidence-add`, `evidence-file`, `upload`, `upload-failed`, `upload-again`, `evidence` (a row), `evidence-open`, `evidence-hash`, `evidence-save`, `evidence-remove`, `evidence-remove-confirm`; `evidence-viewer` with `evidence-image`, `evidence-text`, `evidence-sha256`, `evidence-viewer-save`, `evidence-viewer-remove` |
//! | target lists | `new-target-list`, `import-targets`, `list-search`, `client-group`, `target-list-row`, `delete-list`, `delete-list-confirm`, `list-name`, `list-description`, `list-client`, `list-site`, `list-lines`, `list-details` (tabs), `list-targets`, `detail-target`, `detail-client`, `detail-site`, `detail-variables`, `variable-errors`, `list-save`, `list-discard`; import: `import-into-new`, `import-into-existing`, `import-name`, `import-list`, `import-targets-submit` |
//! | blackout calendars | `new-blackout`, `import-blackouts`, `blackout-row`, `edit-blackout`, `delete-blackout`, `delete-blackout-confirm`, `blackout-users`, `blackout-name`, `blackout-lines`, `line-errors`, `blackout-save`, `blackout-discard`; import: `blackout-file`, `blackout-into-new`, `blackout-into-existing`, `blackout-import-name`, `blackout-import-into`, `blackout-import-submit` |
//! | settings | `nav-settings`, `theme-system`, `theme-light`, `theme-dark`, `test-notification`, `test-result`, `make-backup`, `backup-row`, `restore-listed`, `restore-backup-confirm`, `restored`, `bring-back`, `about`, `copy-about`; `export-backup`, `export-all` and `restore-file`, each with `<name>-path` and `<name>-submit` |
//! | workspace and sync | `local-workspace`, `team-workspace`, `left-workspace`, `workspace-row`, `go-to-workspace`, `move-into`, `create-team`, `join-team`, `upgrade-workspace`, `leave-workspace`, `leave-confirm`, `team-ready`, `go-to-team`, `move-here`, `move-confirm`, `sync-state`, `sync-problem`, `sync-facts`, `sync-now`, `unlock-workspace`, `unlock-passphrase`, `unlock-submit`, `to-conflicts`, `devices-mine`, `devices-all`, `device-row`; in the dialogs `team-connection`, `team-authority`, `team-ca`, `team-name`, `team-member`, `team-passphrase`, `team-again`, `check-server`, `plan`, `create-team-submit`, `join-invite`, `join-passphrase`, `join-again`, `join-submit`, `upgrade-connection`, `upgrade-submit` |
//! | members | `member-row`, `member-<id>` (a menu with `invite-device`, `change-role`, `remove-member`), `show-removed`, `invite-member`, `invite-name`, `invite-role-<role>`, `invite-submit`, `invited`, `invite-text`, `copy-invite`, `invited-close`, `member-role-<role>`, `role-submit`, `remove-member-confirm` |
//! | audit | `audit-row`, `audit-link`, `audit-member`, `audit-action`, `audit-entity`, `audit-from`, `audit-to`, `clear-filters`, `load-more`, `audit-again`, `export-audit` with `-path` and `-submit` |
//! | conflicts | `conflict`, `versions`, `restore-conflict`, `dismiss-conflict`, `compare-revisions`, `show-standing`; above a flow `edited-by-two` |
//! | notifications | `notification-row` (with `data-unread`), `mark-read`, `run-missed`, `skip-missed`, `mark-all-read`, `filter-all`, `filter-unread`, `load-more` |

pub mod ask;
pub mod button;
pub mod combobox;
pub mod datetime;
pub mod dialog;
pub mod drawing;
pub mod evidence;
pub mod field;
pub mod file_choice;
pub mod fold;
pub mod icon;
pub mod intake;
pub mod link;
pub mod loaded;
pub mod markdown;
pub mod menu;
pub mod named_row;
pub mod popover;
pub mod progress;
pub mod rows;
pub mod shortcuts;
pub mod status;
pub mod tabs;
pub mod targets_field;
pub mod text_file;
pub mod toasts;
pub mod trouble;
pub mod waves_fields;
