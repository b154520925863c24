//! Backups: listed, made by hand, exported to a file, and put in the place of the workspace.

use super::export::{export_all_line, export_backup_line, file_line};
use super::path_dialog::PathDialog;
use super::{Section, SettingsFrame};
use crate::api;
use crate::components::button::{Button, Tone};
use crate::components::datetime::When;
use crate::components::dialog::Confirm;
use crate::components::icon::Icon;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::components::trouble::trouble;
use crate::route::use_here;
use crate::state::backups::{evidence, made_words, reason};
use crate::state::call::use_call;
use crate::state::evidence::size;
use crate::state::load::use_view;
use crate::state::time;
use crate::state::toasts::use_toasts;
use mf_contract::Event;
use mf_contract::workspace::{
    BackupInfo, BackupReason, ListBackups, MakeBackup, RestoreBackup, RestoredBackup,
};
use mf_domain::role::Role;
use std::rc::Rc;
use yew::prelude::*;

/// What is asked before a restore.
#[derive(Clone, Debug, PartialEq)]
enum Asked {
    Nothing,
    Backup(BackupInfo),
    File,
    /// The workspace that was replaced.
    Back(String),
}

/// The section.
#[component]
pub fn Backups() -> Html {
    let backups = use_view(Some(ListBackups {}), |_, event| matches!(event, Event::BackupsChanged));
    let asked = use_state(|| Asked::Nothing);
    let restored = use_state(|| None::<RestoredBackup>);
    let exporting = use_here().exporting();
    let toasts = use_toasts();
    let make = use_call::<MakeBackup>({
        // The engine tells, and the list is loaded again.
        let toasts = toasts.clone();
        Callback::from(move |made: BackupInfo| {
            if let Some(toasts) = &toasts {
                toasts.success(made_words(&made));
            }
        })
    });
    let restore = use_call::<RestoreBackup>({
        let (asked, restored, again) = (asked.setter(), restored.setter(), backups.again());
        Callback::from(move |done: RestoredBackup| {
            asked.set(Asked::Nothing);
            restored.set(Some(done));
            again.emit(());
        })
    });
    let ask = |what: Asked| {
        let (asked, restore) = (asked.setter(), restore.clone());
        Callback::from(move |()| {
            restore.clear();
            asked.set(what.clone());
        })
    };
    let onmake = {
        let make = make.clone();
        Callback::from(move |()| make.run(MakeBackup {}))
    };
    let show = |backups: Rc<Vec<BackupInfo>>| {
        if backups.is_empty() {
            return empty(&EmptyProps {
                icon: Icon::Download,
                title: "No backups yet".into(),
                text: "One is made every day the program runs.".into(),
                compact: true,
                children: html! { <Button onclick={onmake.clone()} busy={make.busy()}>{ "Back up now" }</Button> },
            });
        }
        html! {
            <table class="table-wide">
                <thead>
                    <tr>
                        <th scope="col">{ "Made" }</th>
                        <th scope="col">{ "Why" }</th>
                        <th scope="col" class="num-cell">{ "Size" }</th>
                        <th scope="col"><span class="visually-hidden">{ "Actions" }</span></th>
                    </tr>
                </thead>
                <tbody class="rows">
                    for backup in backups.iter() {
                        <tr key={backup.file_name.clone()} class="hit" data-testid="backup-row">
                            <td class="strong" title={backup.file_name.clone()}><When at={backup.made_at} /></td>
                            <td class="fill muted">{ reason(backup.reason) }</td>
                            <td class="num-cell">{ size(backup.bytes) }</td>
                            <td class="icon-cell">
                                <Button
                                    tone={Tone::Ghost}
                                    small=true
                                    icon={Icon::Undo}
                                    onclick={ask(Asked::Backup(backup.clone()))}
                                    writes=true
                                    needs={Role::Owner}
                                    testid="restore-listed"
                                >
                                    { if backup.reason == BackupReason::Replaced { "Bring back…" } else { "Restore…" } }
                                </Button>
                            </td>
                        </tr>
                    }
                </tbody>
            </table>
        }
    };
    html! {
        <SettingsFrame section={Section::Backups}>
            <div class="page-head"><h1>{ "Backup and restore" }</h1></div>
            <div class="col-l">
                if let Some(done) = &*restored {
                    { result(done, &ask) }
                }
                <section class="card flat" aria-label="Backups on this computer">
                    <header>
                        <h2>{ "On this computer" }</h2>
                        <span class="end"><Button small=true icon={Icon::Plus} busy={make.busy()} onclick={onmake.clone()} writes=true needs={Role::Readonly} testid="make-backup">{ "Back up now" }</Button></span>
                    </header>
                    <p class="card-note small muted">{ "One is made a day, and one before an update. Kept: seven automatic and seven made by hand. A workspace replaced by a restore is always kept." }</p>
                    if let Some(error) = make.error() {
                        { trouble(api::sentence(error), None) }
                    }
                    { loaded(&backups, 3, show) }
                </section>
                <section class="card setting-lines" aria-label="Files">
                    { export_backup_line(exporting) }
                    { file_line(
                        "Restore from a file",
                        "An exported backup, from this computer or another one.",
                        html! { <Button icon={Icon::Undo} onclick={ask(Asked::File)} writes=true needs={Role::Owner} testid="restore-file">{ "Restore from a file…" }</Button> },
                    ) }
                    { export_all_line() }
                </section>
            </div>
            <PathDialog
                id="restore-file"
                title="Restore from a file"
                action="Restore"
                tone={Tone::Danger}
                open={*asked == Asked::File}
                onclose={ask(Asked::Nothing)}
                onpath={let restore = restore.clone(); move |path| restore.run(RestoreBackup { file_name: None, path: Some(path) })}
                busy={restore.busy()}
                progress={PROGRESS}
                error={(restore.error_on("path"), restore.error_elsewhere(&["path"]))}
            >
                <p>{ "The workspace becomes what is in the file. The present one, with everything in it, is kept as a file beside it and can be brought back from here." }</p>
            </PathDialog>
            { confirm(&asked, &restore, ask(Asked::Nothing)) }
        </SettingsFrame>
    }
}

const PROGRESS: &str = "Checking it, putting it in place, opening it…";

/// Asks before a backup of the list takes the place of the workspace, or the replaced workspace comes back.
fn confirm(
    asked: &Asked,
    restore: &crate::state::call::CallHandle<RestoreBackup>,
    onclose: Callback<()>,
) -> Html {
    let back = |request: RestoreBackup| {
        (
            "Bring the replaced workspace back?",
            "The workspace becomes what it was before the restore. What was done since then is not in it."
                .to_owned(),
            request,
        )
    };
    let (title, text, request) = match asked {
        Asked::Backup(backup) if backup.reason == BackupReason::Replaced => {
            back(RestoreBackup { file_name: Some(backup.file_name.clone()), path: None })
        }
        Asked::Backup(backup) => {
            let made = time::full(time::in_viewer_zone(backup.made_at));
            (
                "Restore this backup?",
                format!("The workspace goes back to {made}. What was done since is not in it."),
                RestoreBackup { file_name: Some(backup.file_name.clone()), path: None },
            )
        }
        Asked::Back(path) => back(RestoreBackup { file_name: None, path: Some(path.clone()) }),
        Asked::Nothing | Asked::File => {
            ("Restore this backup?", String::new(), RestoreBackup { file_name: None, path: None })
        }
    };
    let onconfirm = {
        let restore = restore.clone();
        Callback::from(move |()| restore.run(request.clone()))
    };
    html! {
        <Confirm
            id="restore-backup"
            {title}
            action="Restore"
            open={matches!(asked, Asked::Backup(_) | Asked::Back(_))}
            {onclose}
            {onconfirm}
            busy={restore.busy()}
            error={restore.error().map(|error| AttrValue::from(api::sentence(error)))}
            testid="restore-backup-confirm"
        >
            <p>{ text }</p>
            <p>{ "The present workspace is kept as a file beside it and can be brought back from here." }</p>
            if restore.busy() {
                <p role="status">{ PROGRESS }</p>
            }
        </Confirm>
    }
}

/// What came of a restore.
fn result(done: &RestoredBackup, ask: &dyn Fn(Asked) -> Callback<()>) -> Html {
    html! {
        <section class="card col" role="status" data-testid="restored">
            <p class="row strong">{ Icon::Check.svg_with("tone-green") }{ "The backup is in place, and everything you see is of it." }</p>
            <p class="row">
                if done.evidence_missing > 0 {
                    { Icon::Alert.svg_with("tone-amber") }
                }
                { evidence(done.evidence, done.evidence_missing) }
            </p>
            if let Some(path) = &done.kept_as {
                <p class="muted">{ "The workspace that was there before is kept as " }<span class="mono selectable">{ path }</span></p>
                <div>
                    <Button small=true icon={Icon::Undo} onclick={ask(Asked::Back(path.clone()))} writes=true needs={Role::Owner} testid="bring-back">{ "Bring it back…" }</Button>
                </div>
            }
        </section>
    }
}
