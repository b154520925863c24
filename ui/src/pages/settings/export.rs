//! Writing files: a backup to keep elsewhere, and everything for other programs.

use super::path_dialog::PathDialog;
use crate::components::button::Button;
use crate::components::icon::Icon;
use crate::route::{Route, use_over};
use crate::state::backups::{evidence, stamp};
use crate::state::call::use_call;
use crate::state::clock::use_now;
use crate::state::evidence::size;
use crate::state::time::{count, in_viewer_zone};
use crate::state::toasts::use_toasts;
use mf_contract::Command;
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

#[derive(Properties)]
struct ExportLineProps<C: Command> {
    id: &'static str,
    title: &'static str,
    text: &'static str,
    /// Whether it is asked for from the beginning.
    #[prop_or_default]
    asked: bool,
    /// The button that opens the dialog.
    opener: &'static str,
    /// The one that writes the file.
    action: &'static str,
    /// The ending of the proposed file.
    ending: &'static str,
    progress: &'static str,
    /// What is to be known about the file.
    note: &'static str,
    /// The command that writes a file.
    request: fn(String) -> C,
    /// What was done, in words.
    done: fn(&C::Reply) -> String,
}

impl<C: Command> PartialEq for ExportLineProps<C> {
    fn eq(&self, other: &Self) -> bool {
        // The rest of a line never changes.
        self.id == other.id && self.asked == other.asked
    }
}

/// One kind of file: what it is, and the dialog that asks where to.
#[component]
fn ExportLine<C>(props: &ExportLineProps<C>) -> Html
where
    C: Command + 'static,
    C::Reply: Clone + 'static,
{
    let over = use_over(props.asked.then_some(()), Route::Backups);
    let toasts = use_toasts();
    let export = use_call::<C>({
        let (close, words) = (over.close.clone(), props.done);
        Callback::from(move |done: C::Reply| {
            close.emit(());
            if let Some(toasts) = &toasts {
                toasts.success(words(&done));
            }
        })
    });
    let afresh = |what: Callback<()>| {
        let export = export.clone();
        Callback::from(move |()| {
            export.clear();
            what.emit(());
        })
    };
    let onpath = {
        let (export, request) = (export.clone(), props.request);
        Callback::from(move |path: String| export.run(request(path)))
    };
    let day = stamp(in_viewer_zone(use_now()));
    html! {
        <>
            { file_line(
                props.title,
                props.text,
                html! { <Button icon={Icon::Download} onclick={afresh(over.show(()))} testid={props.id}>{ props.opener }</Button> },
            ) }
            <PathDialog
                id={props.id}
                title={props.title}
                action={props.action}
                proposed={format!("maintenance-flows-{day}.{}", props.ending)}
                open={over.now.is_some()}
                onclose={afresh(over.close.clone())}
                {onpath}
                busy={export.busy()}
                progress={props.progress}
                error={(export.error_on("path"), export.error_elsewhere(&["path"]))}
            >
                <p>{ props.note }</p>
            </PathDialog>
        </>
    }
}

/// A backup with its evidence, in one file. `asked` by the address, its dialog is open.
pub(super) fn export_backup_line(asked: bool) -> Html {
    let done = |done: &ExportedBackup| {
        let evidence = evidence(done.evidence, done.evidence_missing);
        format!("The backup is written: {}, {}. {evidence}", done.path, size(done.bytes))
    };
    html! {
        <ExportLine<ExportBackup>
            id="export-backup"
            {asked}
            title="Export a backup"
            text="One file with the database and its evidence, to keep elsewhere or to move to another laptop."
            opener="Export backup…"
            action="Export backup"
            ending="tar"
            progress="Copying the database, checking the copy, adding the evidence…"
            note="It has everything of this workspace and only you can read the file. It is not encrypted."
            request={(|path| ExportBackup { path }) as fn(String) -> ExportBackup}
            done={done as fn(&ExportedBackup) -> String}
        />
    }
}

/// All rows, as JSON.
pub(super) fn export_all_line() -> Html {
    let done = |done: &ExportedAll| {
        let rows = count(done.entities as usize, "record");
        format!("{rows} written: {}, {}.", done.path, size(done.bytes))
    };
    html! {
        <ExportLine<ExportAllToFile>
            id="export-all"
            title="Export everything as JSON"
            text="Every flow, list, schedule, batch and session with its history, for scripts and other programs. Evidence files are not in it."
            opener="Export JSON…"
            action="Export JSON"
            ending="json"
            progress="Reading everything and writing it…"
            note="For reading elsewhere: it cannot be restored. Use a backup for that."
            request={(|path| ExportAllToFile { path }) as fn(String) -> ExportAllToFile}
            done={done as fn(&ExportedAll) -> String}
        />
    }
}
