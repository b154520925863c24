//! Writing files: a backup to keep elsewhere, and everything for other programs.

use super::path_dialog::PathDialog;
use crate::components::button::Button;
use crate::components::icon::Icon;
use crate::state::backups::{evidence, stamp};
use crate::state::call::use_call;
use crate::state::clock::use_now;
use crate::state::evidence::size;
use crate::state::time::{count, in_viewer_zone};
use crate::state::toasts::use_toasts;
use mf_contract::workspace::{ExportAllToFile, ExportBackup, ExportedAll, ExportedBackup};
use yew::prelude::*;

/// A line of the card: what it is, and its button.
pub(super) fn file_line(title: &'static str, text: &'static str, button: Html) -> Html {
    html! {
        <div class="setting-line">
            <div class="grow"><h3>{ title }</h3><p class="muted">{ text }</p></div>
            { button }
        </div>
    }
}

/// A backup with its evidence, in one file.
#[component]
pub(super) fn ExportBackupLine() -> Html {
    let open = use_state(|| false);
    let toasts = use_toasts();
    let export = use_call::<ExportBackup>({
        let open = open.setter();
        Callback::from(move |done: ExportedBackup| {
            open.set(false);
            if let Some(toasts) = &toasts {
                let evidence = evidence(done.evidence, done.evidence_missing);
                toasts.success(format!(
                    "The backup is written: {}, {}. {evidence}",
                    done.path,
                    size(done.bytes)
                ));
            }
        })
    });
    let set = |to: bool| {
        let (open, export) = (open.setter(), export.clone());
        Callback::from(move |()| {
            export.clear();
            open.set(to);
        })
    };
    let day = stamp(in_viewer_zone(use_now()));
    html! {
        <>
            { file_line(
                "Export a backup",
                "One file with the database and its evidence, to keep elsewhere or to move to another laptop.",
                html! { <Button icon={Icon::Download} onclick={set(true)} testid="export-backup">{ "Export backup…" }</Button> },
            ) }
            <PathDialog
                id="export-backup"
                title="Export a backup"
                action="Export backup"
                proposed={format!("maintenance-flows-{day}.tar")}
                open={*open}
                onclose={set(false)}
                onpath={let export = export.clone(); move |path| export.run(ExportBackup { path })}
                busy={export.busy()}
                progress="Copying the database, checking the copy, adding the evidence…"
                error={(export.error_on("path"), export.error_elsewhere(&["path"]))}
            >
                <p>{ "It has everything of this workspace and only you can read the file. It is not encrypted." }</p>
            </PathDialog>
        </>
    }
}

/// All rows, as JSON.
#[component]
pub(super) fn ExportAllLine() -> Html {
    let open = use_state(|| false);
    let toasts = use_toasts();
    let export = use_call::<ExportAllToFile>({
        let open = open.setter();
        Callback::from(move |done: ExportedAll| {
            open.set(false);
            if let Some(toasts) = &toasts {
                let rows = count(done.entities as usize, "record");
                toasts.success(format!("{rows} written: {}, {}.", done.path, size(done.bytes)));
            }
        })
    });
    let set = |to: bool| {
        let (open, export) = (open.setter(), export.clone());
        Callback::from(move |()| {
            export.clear();
            open.set(to);
        })
    };
    let day = stamp(in_viewer_zone(use_now()));
    html! {
        <>
            { file_line(
                "Export everything as JSON",
                "Every flow, list, schedule, batch and session with its history, for scripts and other programs. Evidence files are not in it.",
                html! { <Button icon={Icon::Download} onclick={set(true)} testid="export-all">{ "Export JSON…" }</Button> },
            ) }
            <PathDialog
                id="export-all"
                title="Export everything as JSON"
                action="Export JSON"
                proposed={format!("maintenance-flows-{day}.json")}
                open={*open}
                onclose={set(false)}
                onpath={let export = export.clone(); move |path| export.run(ExportAllToFile { path })}
                busy={export.busy()}
                progress="Reading everything and writing it…"
                error={(export.error_on("path"), export.error_elsewhere(&["path"]))}
            >
                <p>{ "For reading elsewhere: it cannot be restored. Use a backup for that." }</p>
            </PathDialog>
        </>
    }
}
