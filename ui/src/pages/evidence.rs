//! Evidence wherever it is shown: the rows, looking at a piece, saving it, and taking it away.

use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::datetime::When;
use crate::components::dialog::{Confirm, Dialog};
use crate::components::evidence::{EvidenceRowsProps, evidence_preview, evidence_rows, no_preview};
use crate::components::icon::Icon;
use crate::components::loaded::loaded;
use crate::state::call::{use_call, use_told};
use crate::state::evidence::{Kind, size};
use crate::state::load::use_load;
use crate::state::saving::{Content, Document, use_save};
use crate::state::toasts::{Toasts, use_toasts};
use mf_contract::sessions::{EvidenceContent, ReadEvidence, RemoveEvidence, Session};
use mf_domain::ids::SessionId;
use mf_domain::session::Evidence;
use yew::prelude::*;

/// Properties of [`EvidenceList`].
#[derive(Debug, Properties, PartialEq)]
pub struct EvidenceListProps {
    /// Tells the dialogs of several lists on a page apart.
    pub id: AttrValue,
    pub session_id: SessionId,
    pub evidence: Vec<Evidence>,
    /// Takes the session as it is after a piece was taken away; without it nothing can be.
    #[prop_or_default]
    pub onchange: Option<Callback<Session>>,
}

/// The evidence of a step or of a session.
#[component]
pub fn EvidenceList(props: &EvidenceListProps) -> Html {
    let session_id = props.session_id;
    let viewed = use_state(|| None::<Evidence>);
    let going = use_state(|| None::<Evidence>);
    let toasts = use_toasts();
    let to_file = use_save(Callback::noop());
    let save = use_call::<ReadEvidence>(to_file.reform(document));
    let remove = use_call::<RemoveEvidence>({
        let (going, viewed, told) = (going.setter(), viewed.setter(), props.onchange.clone());
        Callback::from(move |session: Session| {
            going.set(None);
            viewed.set(None);
            if let Some(told) = &told {
                told.emit(session);
            }
        })
    });
    let set = |state: &UseStateHandle<Option<Evidence>>| {
        let state = state.setter();
        Callback::from(move |evidence: Evidence| state.set(Some(evidence)))
    };
    let onsave = {
        let save = save.clone();
        Callback::from(move |evidence: Evidence| {
            save.run(ReadEvidence { session_id, evidence_id: evidence.id });
        })
    };
    let oncopy = {
        let toasts = toasts.clone();
        Callback::from(move |evidence: Evidence| copy(evidence.file.sha256, toasts.clone()))
    };
    let onremove = props.onchange.as_ref().map(|_| {
        let (going, remove) = (set(&going), remove.clone());
        Callback::from(move |evidence: Evidence| {
            remove.clear();
            going.emit(evidence);
        })
    });
    // A row has no room for what went wrong with saving it.
    use_told(save.error());
    let close = |state: &UseStateHandle<Option<Evidence>>| {
        let state = state.setter();
        Callback::from(move |()| state.set(None))
    };
    let onconfirm = {
        let (remove, going) = (remove.clone(), (*going).clone());
        Callback::from(move |()| {
            if let Some(evidence) = &going {
                remove.run(RemoveEvidence { session_id, evidence_id: evidence.id });
            }
        })
    };
    html! {
        <>
            if !props.evidence.is_empty() {
                { evidence_rows(&EvidenceRowsProps {
                    evidence: &props.evidence,
                    onopen: set(&viewed),
                    onsave: onsave.clone(),
                    oncopy: oncopy.clone(),
                    onremove: onremove.clone(),
                }) }
            }
            <EvidenceViewer
                id={format!("{}-viewer", props.id)}
                {session_id}
                evidence={(*viewed).clone()}
                onclose={close(&viewed)}
                {onsave}
                {oncopy}
                {onremove}
                saving={save.busy()}
            />
            <Confirm
                id={format!("{}-remove", props.id)}
                title={going.as_ref().map(|evidence| format!("Remove {}?", evidence.file.name)).unwrap_or_default()}
                action="Remove"
                keep="Keep it"
                open={going.is_some()}
                onclose={close(&going)}
                {onconfirm}
                busy={remove.busy()}
                error={remove.error_elsewhere(&[]).map(AttrValue::from)}
                testid="evidence-remove-confirm"
            >
                <p>{ "It no longer counts as evidence. That it was added, with its SHA-256, stays on record." }</p>
            </Confirm>
        </>
    }
}

fn document(read: EvidenceContent) -> Document {
    let content = Content::of(read.text, read.content_base64);
    Document { name: read.evidence.file.name, content }
}

fn copy(sha256: String, toasts: Option<Toasts>) {
    wasm_bindgen_futures::spawn_local(async move {
        let copied = browser::copy(&sha256).await;
        let Some(toasts) = toasts else { return };
        if copied {
            toasts.success("The SHA-256 is on the clipboard.");
        } else {
            toasts.refused(format!("The clipboard cannot be written to. The SHA-256 is {sha256}."));
        }
    });
}

#[derive(Properties, PartialEq)]
struct EvidenceViewerProps {
    id: String,
    session_id: SessionId,
    evidence: Option<Evidence>,
    onclose: Callback<()>,
    onsave: Callback<Evidence>,
    oncopy: Callback<Evidence>,
    onremove: Option<Callback<Evidence>>,
    saving: bool,
}

/// One piece, to look at.
#[component]
fn EvidenceViewer(props: &EvidenceViewerProps) -> Html {
    let evidence = props.evidence.as_ref();
    let shown = evidence.filter(|evidence| Kind::of(&evidence.file.media_type) != Kind::Other);
    let request =
        shown.map(|evidence| ReadEvidence { session_id: props.session_id, evidence_id: evidence.id });
    // What was kept once never changes.
    let content = use_load(request, |_, _| false);
    let with = |told: &Callback<Evidence>| {
        let (told, evidence) = (told.clone(), props.evidence.clone());
        Callback::from(move |()| {
            if let Some(evidence) = &evidence {
                told.emit(evidence.clone());
            }
        })
    };
    let file = evidence.map(|evidence| evidence.file.clone());
    let subtitle = file.as_ref().map(|file| format!("{} · {}", size(file.size), file.media_type));
    let foot = html! {
        <>
            if let Some(remove) = &props.onremove {
                <Button tone={Tone::Ghost} icon={Icon::Trash} onclick={with(remove)} writes=true testid="evidence-viewer-remove">{ "Remove" }</Button>
            }
            <span class="grow"></span>
            <Button icon={Icon::Download} busy={props.saving} onclick={with(&props.onsave)} testid="evidence-viewer-save">{ "Save as a file" }</Button>
            <Button tone={Tone::Primary} onclick={props.onclose.clone()} autofocus=true>{ "Close" }</Button>
        </>
    };
    html! {
        <Dialog
            id={props.id.clone()}
            title={file.as_ref().map(|file| file.name.clone()).unwrap_or_default()}
            subtitle={subtitle.map(AttrValue::from)}
            wide=true
            open={evidence.is_some()}
            onclose={props.onclose.clone()}
            {foot}
            testid="evidence-viewer"
        >
            if shown.is_some() {
                { loaded(&content, 6, |content| evidence_preview(&content)) }
            } else {
                { no_preview() }
            }
            if let (Some(file), Some(evidence)) = (file, evidence) {
                <dl class="facts">
                    <dt>{ "Added" }</dt><dd><When at={evidence.at} /></dd>
                    <dt>{ "SHA-256" }</dt>
                    <dd class="row">
                        <span class="mono selectable hash-whole" data-testid="evidence-sha256">{ file.sha256 }</span>
                        <Button tone={Tone::Ghost} small=true icon={Icon::Copy} label="Copy the SHA-256" onclick={with(&props.oncopy)} />
                    </dd>
                </dl>
            }
        </Dialog>
    }
}
