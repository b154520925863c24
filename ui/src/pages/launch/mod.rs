//! Launching a batch by hand: from a saved list, an earlier run, lines typed here, or the export of another program.

mod preview;
mod sources;
mod waves;

pub use sources::list_choices;

use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::Dialog;
use crate::components::intake::{
    IntakeFieldsProps, answer_paths, first_wrong, intake_fields, refused_answers,
};
use crate::components::loaded::loaded;
use crate::components::tabs::Tabs;
use crate::components::targets_field::{self, TargetsFieldProps, targets_field, use_lines};
use crate::components::trouble::trouble_elsewhere;
use crate::components::waves_fields::{waves_controls, waves_field, waves_refused};
use crate::pages::targets_file::TargetsFile;
use crate::route::{Route, go};
use crate::state::board::waves::WaveDraft;
use crate::state::call::{use_call, use_refused};
use crate::state::launch::{Preview, Source};
use crate::state::load::use_load;
use crate::state::target_import::{Chosen, ReadFile};
use crate::state::time::count;
use crate::state::toasts::use_toasts;
use mf_contract::Event;
use mf_contract::batches::{LaunchBatch, LaunchedBatch, ListBatches, PreviousTargets};
use mf_contract::flows::Flow;
use mf_contract::target_lists::{ListTargetLists, TargetListSummary};
use mf_domain::Invalid;
use mf_domain::ids::TargetListId;
use mf_domain::intake::{Answers, Completeness};
use preview::use_preview;
use sources::{PreviousRunProps, SavedListProps, previous_run, saved_list};
use std::rc::Rc;
use waves::{OfferProps, offer};
use yew::prelude::*;

/// Properties of [`LaunchDialog`].
#[derive(Debug, Properties, PartialEq)]
pub struct LaunchDialogProps {
    pub flow: Rc<Flow>,
    pub open: bool,
    pub onclose: Callback<()>,
}

/// What is chosen and typed; kept while the dialog is closed.
#[derive(Clone, Debug, Default, PartialEq)]
struct Form {
    source: Option<Source>,
    /// The id of a list, or what is typed instead.
    list: AttrValue,
    previous: Option<PreviousTargets>,
    text: AttrValue,
    in_waves: bool,
    waves: WaveDraft,
    answers: Answers,
}

impl Form {
    fn list_id(&self) -> Option<TargetListId> {
        self.list.parse().ok()
    }
}

/// Begins the id of every question.
const INTAKE: &str = "launch-intake";
/// The past runs that are offered.
const RUNS: u32 = 100;

/// The dialog.
#[component]
pub fn LaunchDialog(props: &LaunchDialogProps) -> Html {
    let flow = &props.flow;
    let form = use_state(Form::default);
    let chosen = use_state(Chosen::default);
    let file = use_state(|| None::<Rc<ReadFile>>);
    let lines = use_lines(&form.text);
    let strict = use_state(|| false);
    let request_id = use_state(String::new);
    let lists = use_load(props.open.then_some(ListTargetLists::default()), |_, event| {
        matches!(event, Event::TargetListChanged { .. })
    });
    let saved: Rc<Vec<TargetListSummary>> = lists.data().unwrap_or_default();
    // Without any list, typing is the only way.
    let nothing_saved = lists.data().is_some() && saved.is_empty();
    let source = form.source.unwrap_or(if nothing_saved { Source::Manual } else { Source::Saved });
    let past = ListBatches { flow_id: Some(flow.id), limit: Some(RUNS), ..ListBatches::default() };
    let past = use_load((props.open && source == Source::Previous).then_some(past), |_, _| false);
    let choices = use_memo(saved.clone(), |saved| list_choices(saved));
    let preview = use_preview(props.open, source, &form, &saved, past.data(), file.as_deref());
    let preview = match (source, &lines) {
        (Source::Manual, Some(Ok(targets))) => Some(Preview::of(targets)),
        (Source::Manual, _) => None,
        _ => preview,
    };
    // The field comes after the dialog has opened, too late for `autofocus`.
    let first = match source {
        Source::Saved if lists.data().is_some() => Some("launch-list"),
        Source::Previous if past.data().is_some() => Some("launch-run"),
        Source::Manual => Some("launch-targets"),
        _ => None,
    };
    use_effect_with(first, |first| {
        if let Some(first) = first
            && !browser::tab_has_focus()
        {
            browser::focus(first);
        }
    });
    let toasts = use_toasts();
    let launch = use_call::<LaunchBatch>({
        let (form, chosen, file) = (form.setter(), chosen.setter(), file.setter());
        let (onclose, open) = (props.onclose.clone(), props.open);
        Callback::from(move |launched: LaunchedBatch| {
            form.set(Form::default());
            chosen.set(Chosen::default());
            file.set(None);
            let (words, route) = (
                format!("{} created.", count(launched.count as usize, "session")),
                Route::Batch { id: launched.batch_id },
            );
            // Who closed the dialog meanwhile is at something else, and is not taken away from it.
            if open {
                onclose.emit(());
                go(route);
            }
            if let Some(toasts) = &toasts {
                if open { toasts.success(words) } else { toasts.done(words, None, route.path()) }
            }
        })
    });
    let asked = answer_paths(INTAKE, &flow.intake_form.0);
    // Another tab may have been looked at since; what is refused is what was sent.
    let sent = use_mut_ref(|| source);
    let targets = if *sent.borrow() == Source::File { "launch-csv-file" } else { "launch-targets" };
    let mut own = vec![("targets", targets), ("target_list_id", "launch-list"), ("previous", "launch-run")];
    let of_targets =
        launch.error().is_some() && own.iter().any(|(field, _)| launch.error_on(field).is_some());
    use_effect_with((launch.error().cloned(), of_targets), {
        let (form, sent) = (form.clone(), sent.clone());
        move |(_, of_targets)| {
            let owner = Some(*sent.borrow());
            if *of_targets && form.source != owner {
                form.set(Form { source: owner, ..(*form).clone() });
            }
        }
    });
    let waves_own = waves_controls(waves::ID);
    own.extend(waves_own.iter().map(|(path, id)| (path.as_str(), id.as_str())));
    own.extend(asked.iter().map(|(path, id)| (path.as_str(), id.as_str())));
    use_refused(launch.error(), &own);
    let refused = refused_answers(&flow.intake_form.0, |path| launch.error_on(path));
    let own: Vec<&str> = own.iter().map(|(field, _)| *field).collect();
    let elsewhere = launch.error_elsewhere(&own);
    {
        // One id per opening: however often the button is hit, one batch comes of it.
        let (request_id, strict, launch) = (request_id.setter(), strict.setter(), launch.clone());
        use_effect_with(props.open, move |open| {
            if *open {
                request_id.set(browser::request_id());
                strict.set(false);
                launch.clear();
            }
        });
    }
    let change = {
        let (form, launch) = (form.clone(), launch.clone());
        move |change: &dyn Fn(&mut Form)| {
            launch.clear();
            let mut next = (*form).clone();
            change(&mut next);
            form.set(next);
        }
    };
    let select = |source: Source| {
        let change = change.clone();
        Callback::from(move |()| change(&|form| form.source = Some(source)))
    };
    let onsubmit = {
        let (flow, form, file, request_id) =
            (flow.clone(), form.clone(), (*file).clone(), (*request_id).clone());
        let (strict, launch) = (strict.setter(), launch.clone());
        Callback::from(move |()| {
            strict.set(true);
            match request(&flow, source, &form, file.as_deref(), &request_id) {
                Ok(request) => {
                    *sent.borrow_mut() = source;
                    launch.run(request);
                }
                Err(WrongField(id)) => browser::focus(&id),
            }
        })
    };
    let missing = |of: Source, is_missing: bool, words: &'static str| {
        (*strict && source == of && is_missing).then(|| words.to_owned())
    };
    let error =
        |field: &str, otherwise: Option<String>| launch.error_on(field).or(otherwise).map(AttrValue::from);
    let note = preview.as_ref().map(|preview| {
        html! {
            <p data-testid="launch-preview">
                { "Will create " }<b>{ preview.sessions() }</b>{ format!(" for: {} ", preview.named) }
                <span class="muted">{ preview.rest() }</span>
            </p>
        }
    });
    let action = preview
        .as_ref()
        .map_or_else(|| "Launch".to_owned(), |preview| format!("Launch {}", preview.sessions()));
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={launch.busy()} writes=true testid="launch-submit">{ action }</Button>
        </>
    };
    let tabs = html! {
        <Tabs
            label="Where the targets come from"
            tabs={Source::ALL.map(Source::tab).to_vec()}
            selected={source.tab().0}
            onselect={let change = change.clone(); move |id| {
                let source = Source::ALL.into_iter().find(|source| source.tab().0 == id);
                change(&|form| form.source = source);
            }}
        />
    };
    let panel = match source {
        Source::Saved => loaded(&lists, 2, |_| {
            saved_list(&SavedListProps {
                choices,
                value: form.list.clone(),
                onchange: Callback::from({
                    let change = change.clone();
                    move |list: String| change(&|form| form.list = list.clone().into())
                }),
                error: error(
                    "target_list_id",
                    missing(Source::Saved, form.list_id().is_none(), "Choose a list."),
                ),
                ontype: select(Source::Manual),
            })
        }),
        Source::Previous => loaded(&past, 4, |batches| {
            previous_run(&PreviousRunProps {
                batches,
                chosen: form.previous,
                onchange: Callback::from({
                    let change = change.clone();
                    move |chosen| change(&|form| form.previous = Some(chosen))
                }),
                error: error("previous", missing(Source::Previous, form.previous.is_none(), "Choose a run.")),
                ontype: select(Source::Manual),
            })
        }),
        Source::Manual => targets_field(&TargetsFieldProps {
            id: "launch-targets".into(),
            text: form.text.clone(),
            oninput: Callback::from({
                let change = change.clone();
                move |text: String| {
                    let text = AttrValue::from(text);
                    change(&|form| form.text = text.clone())
                }
            }),
            lines,
            error: error(
                "targets",
                missing(Source::Manual, form.text.trim().is_empty(), "Write at least one target."),
            ),
            autofocus: true,
            testid: Some("launch-targets".into()),
        }),
        Source::File => {
            let none = file.as_ref().is_some_and(|file| file.preview.targets.is_empty());
            html! {
                <TargetsFile
                    id="launch-csv"
                    chosen={(*chosen).clone()}
                    onchosen={let chosen = chosen.setter(); move |next| chosen.set(next)}
                    onread={let (file, launch) = (file.setter(), launch.clone()); move |read| { launch.clear(); file.set(read) }}
                    error={error("targets", missing(Source::File, none, "No row of this file can be a target."))}
                    strict={*strict}
                >
                    <p class="small muted">{ "Live connections to a PSA or RMM are not part of this version; they will be set up under Settings." }</p>
                </TargetsFile>
            }
        }
    };
    html! {
        <Dialog
            id="launch"
            title="Launch a batch"
            subtitle={format!("{} · rev {}", flow.name, flow.revision)}
            open={props.open}
            wide={source == Source::File}
            onclose={props.onclose.clone()}
            {onsubmit}
            {tabs}
            {note}
            {foot}
        >
            <div role="tabpanel" id={format!("{}-panel", source.tab().0)} aria-labelledby={source.tab().0} class="col-l">{ panel }</div>
            if !flow.intake_form.0.is_empty() {
                { intake_fields(&IntakeFieldsProps {
                    id: AttrValue::from(INTAKE),
                    fields: flow.intake_form.0.clone(),
                    answers: form.answers.clone(),
                    onchange: Callback::from({ let change = change.clone(); move |answers: Answers| change(&|form| form.answers.clone_from(&answers)) }),
                    completeness: Completeness::Required,
                    strict: *strict,
                    refused,
                }) }
            }
            { offer(&OfferProps {
                in_waves: form.in_waves,
                onwaves: Callback::from({ let change = change.clone(); move |wanted| change(&|form| form.in_waves = wanted) }),
                draft: &form.waves,
                onchange: Callback::from({ let change = change.clone(); move |waves: WaveDraft| change(&|form| form.waves.clone_from(&waves)) }),
                strict: *strict,
                refused: waves_refused(launch.error()),
            }) }
            { trouble_elsewhere(elsewhere) }
        </Dialog>
    }
}

/// The id of a field that keeps a launch from being sent.
struct WrongField(String);

impl From<&str> for WrongField {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

/// The command, unless a field is wrong; the first one that is.
fn request(
    flow: &Flow,
    source: Source,
    form: &Form,
    file: Option<&ReadFile>,
    request_id: &str,
) -> Result<LaunchBatch, WrongField> {
    let mut request = LaunchBatch {
        flow_id: flow.id,
        targets: None,
        target_list_id: None,
        previous: None,
        intake: form.answers.clone(),
        request_id: Some(request_id.to_owned()),
        waves: None,
    };
    match source {
        Source::Saved => request.target_list_id = Some(form.list_id().ok_or("launch-list")?),
        Source::Previous => request.previous = Some(form.previous.ok_or("launch-run")?),
        // Read again: the preview may be a moment behind the text.
        Source::Manual => {
            request.targets = Some(targets_field::read(&form.text).map_err(|_| "launch-targets")?.to_vec());
        }
        Source::File => {
            let file = file.filter(|file| !file.preview.targets.is_empty()).ok_or("launch-csv-file")?;
            if let Some(at) = file.wrong_variable {
                return Err(WrongField(format!("launch-csv-variable-{at}-key")));
            }
            request.targets = Some(file.preview.targets.clone());
        }
    }
    if let Some(wrong) = first_wrong(INTAKE, &flow.intake_form.0, &form.answers, Completeness::Required) {
        return Err(WrongField(wrong));
    }
    if form.in_waves {
        let wrong = |invalid: Invalid| WrongField(waves_field(waves::ID, &invalid.field));
        request.waves = Some(form.waves.wanted().map_err(wrong)?);
    }
    Ok(request)
}
