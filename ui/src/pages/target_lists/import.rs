//! Importing targets from a CSV file: into a new list, or into one there is.

use crate::api::as_sentence;
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::Dialog;
use crate::components::trouble::trouble;
use crate::pages::destination::{DestinationProps, EXISTING, NEW, Words, destination};
use crate::pages::launch::list_choices;
use crate::pages::targets_file::TargetsFile;
use crate::route::list_address;
use crate::state::call::{use_call, use_refused};
use crate::state::dropped::{Kind, use_dropped};
use crate::state::last_import::LastImport;
use crate::state::load::use_load;
use crate::state::target_import::{Chosen, ReadFile, proposed_name};
use crate::state::time::{count, grouped};
use crate::state::toasts::use_toasts;
use mf_contract::target_imports::{ImportTargets, TargetImport};
use mf_contract::target_lists::ListTargetLists;
use mf_domain::ids::{TargetImportId, TargetListId};
use mf_domain::text;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`ImportDialog`].
#[derive(Debug, Properties, PartialEq)]
pub(super) struct ImportDialogProps {
    pub(super) open: bool,
    pub(super) onclose: Callback<()>,
    pub(super) onimported: Callback<LastImport>,
    /// Takes an import back.
    pub(super) onundo: Callback<TargetImportId>,
}

const INTO: Words = Words {
    radio: "import-into",
    new: "A new list",
    existing: "A list there is",
    name_id: "import-name",
    name_label: "Name of the list",
    choice_id: "import-list",
    choice_label: "List",
    placeholder: "Choose a list",
};

/// The dialog.
#[component]
pub(super) fn ImportDialog(props: &ImportDialogProps) -> Html {
    let chosen = use_state(Chosen::default);
    // What the chosen file amounts to.
    let file = use_state(|| None::<Rc<ReadFile>>);
    let into = use_state(|| NEW);
    // What was typed; until then the name follows from the file.
    let typed_name = use_state(|| None::<String>);
    let list = use_state(AttrValue::default);
    let strict = use_state(|| false);
    let lists = use_load(props.open.then_some(ListTargetLists::default()), |_, _| false);
    let choices =
        use_memo(lists.data(), |lists| lists.as_ref().map(|lists| list_choices(lists)).unwrap_or_default());
    let toasts = use_toasts();
    let import = use_call::<ImportTargets>({
        let (chosen, file, onclose) = (chosen.setter(), file.setter(), props.onclose.clone());
        let (typed_name, list) = (typed_name.setter(), list.setter());
        let (onimported, onundo) = (props.onimported.clone(), props.onundo.clone());
        Callback::from(move |import: TargetImport| {
            chosen.set(Chosen::default());
            file.set(None);
            typed_name.set(None);
            list.set(AttrValue::default());
            onclose.emit(());
            let (last, id) = (LastImport::of(&import), import.import_id);
            if let Some(toasts) = &toasts {
                let undo = onundo.reform(move |()| id);
                toasts.done(last.words.clone(), Some(undo), list_address(import.target_list_id));
            }
            onimported.emit(last);
        })
    });
    {
        let (strict, import) = (strict.setter(), import.clone());
        use_effect_with(props.open, move |open| {
            strict.set(false);
            import.clear();
            if *open {
                browser::focus("import-file");
            }
        });
    }
    {
        let (chosen, file) = (chosen.setter(), file.setter());
        use_dropped(Kind::Targets, props.open, move |dropped| {
            file.set(None);
            chosen.set(Chosen::of(dropped));
        });
    }

    let name = typed_name
        .as_ref()
        .cloned()
        .unwrap_or_else(|| file.as_deref().map(proposed_name).unwrap_or_default());
    let list_id: Option<TargetListId> = list.parse().ok().filter(|_| *into == EXISTING);
    let changes = file.as_ref().map(|file| file.preview.counts.create + file.preview.counts.update);
    let onsubmit = {
        let (file, import, strict, name, into) =
            ((*file).clone(), import.clone(), strict.setter(), name.clone(), *into);
        Callback::from(move |()| {
            strict.set(true);
            let Some(file) = file.as_ref() else { return browser::focus("import-file") };
            if let Some(at) = file.wrong_variable {
                return browser::focus(&format!("import-variable-{at}-key"));
            }
            if changes == Some(0) {
                return browser::focus("import-file");
            }
            if into == NEW && text::name("name", &name).is_err() {
                return browser::focus("import-name");
            }
            if into == EXISTING && list_id.is_none() {
                return browser::focus("import-list");
            }
            import.run(ImportTargets {
                csv: file.csv.to_string(),
                mapping: Some(file.mapping.clone()),
                preset: None,
                target_list_id: list_id,
                name: (into == NEW).then(|| name.clone()),
                client: None,
                site: None,
            });
        })
    };
    use_refused(
        import.error(),
        &[
            ("csv", "import-file"),
            ("mapping", "import-file"),
            ("name", "import-name"),
            ("target_list_id", "import-list"),
        ],
    );
    // Until it is read, nobody knows what would be sent.
    let reading = chosen.file.is_some() && file.is_none();
    let file_error = import.error_on("csv").or_else(|| import.error_on("mapping")).or_else(|| {
        let nothing = *strict && changes == Some(0);
        nothing.then(|| "No row of this file would change anything.".to_owned())
    });
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={import.busy()} disabled={reading} writes=true testid="import-targets-submit">
                { changes.filter(|changes| *changes > 0).map_or_else(
                    || "Import targets".to_owned(),
                    |changes| format!("Import {}", count(changes as usize, "target")),
                ) }
            </Button>
        </>
    };
    let note = file.as_ref().map(|file| {
        let all = grouped(file.preview.targets.len());
        html! { <p>{ "The list will have " }<b>{ all }</b>{ " targets. Rejected rows are left out; everything else happens at once, and can be undone." }</p> }
    });
    let name_error = import.error_on("name").or_else(|| {
        let checked = text::name("name", &name);
        checked.err().filter(|_| *strict).map(|invalid| as_sentence(&format!("the name {}", invalid.message)))
    });
    let list_error = import
        .error_on("target_list_id")
        .or_else(|| (*strict && list_id.is_none()).then(|| "Choose a list.".to_owned()));
    html! {
        <Dialog
            id="import-targets"
            title="Import targets"
            subtitle="A CSV file, exported from your PSA, RMM or a spreadsheet."
            open={props.open}
            wide=true
            onclose={props.onclose.clone()}
            {onsubmit}
            {note}
            {foot}
        >
            <TargetsFile
                id="import"
                list={list_id}
                chosen={(*chosen).clone()}
                onchosen={let chosen = chosen.setter(); move |next| chosen.set(next)}
                onread={let (file, import) = (file.setter(), import.clone()); move |read| { import.clear(); file.set(read) }}
                error={file_error.map(AttrValue::from)}
                strict={*strict}
            >
                { destination(DestinationProps {
                    words: &INTO,
                    into: *into,
                    oninto: Callback::from({ let into = into.setter(); move |choice| into.set(choice) }),
                    name,
                    onname: Callback::from({ let (typed, import) = (typed_name.setter(), import.clone()); move |text: String| { import.clear(); typed.set(Some(text)) } }),
                    name_error: name_error.map(AttrValue::from),
                    choices,
                    chosen: (*list).clone(),
                    onchoice: Callback::from({ let (list, import) = (list.setter(), import.clone()); move |id: String| { import.clear(); list.set(id.into()) } }),
                    choice_error: list_error.map(AttrValue::from),
                }) }
            </TargetsFile>
            if let Some(text) = import.error_elsewhere(&["csv", "mapping", "name", "target_list_id"]) {
                { trouble(text, None) }
            }
        </Dialog>
    }
}
