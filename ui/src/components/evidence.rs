//! Evidence as rows, and what there is to see of one piece.

use super::button::{Button, Tone};
use super::datetime::{Shown, When};
use super::icon::Icon;
use super::loaded::{EmptyProps, empty};
use crate::browser;
use crate::state::evidence::{Kind, short_hash, size, text_of};
use mf_contract::sessions::EvidenceContent;
use mf_domain::session::Evidence;
use yew::prelude::*;

/// The picture of a kind of content.
#[must_use]
pub fn icon(media_type: &str) -> Icon {
    match Kind::of(media_type) {
        Kind::Image => Icon::Image,
        Kind::Text => Icon::Text,
        Kind::Other => Icon::Clip,
    }
}

/// Properties of [`evidence_rows`].
#[derive(Debug)]
pub struct EvidenceRowsProps<'a> {
    pub evidence: &'a [Evidence],
    pub onopen: Callback<Evidence>,
    pub onsave: Callback<Evidence>,
    /// Copies the whole hash.
    pub oncopy: Callback<Evidence>,
    /// `None` where nothing may be taken away.
    pub onremove: Option<Callback<Evidence>>,
}

/// One row for each piece: what it is called, how large, when it came, and its hash.
pub fn evidence_rows(props: &EvidenceRowsProps<'_>) -> Html {
    html! {
        <ul class="evidence" aria-label="Evidence">
            for evidence in props.evidence {
                <li key={evidence.id.to_string()} data-testid="evidence">{ row(props, evidence) }</li>
            }
        </ul>
    }
}

fn row(props: &EvidenceRowsProps<'_>, evidence: &Evidence) -> Html {
    let file = &evidence.file;
    let with = |told: &Callback<Evidence>| {
        let (told, evidence) = (told.clone(), evidence.clone());
        Callback::from(move |()| told.emit(evidence.clone()))
    };
    let (open, copy) = (with(&props.onopen), with(&props.oncopy));
    html! {
        <>
            { icon(&file.media_type).svg_with("faint") }
            <button type="button" class="link name" onclick={move |_: MouseEvent| open.emit(())} title={file.name.clone()} data-testid="evidence-open">
                { file.name.clone() }
            </button>
            <span class="small muted">{ size(file.size) }</span>
            <span class="small muted"><When at={evidence.at} shown={Shown::Clock} /></span>
            <button
                type="button"
                class="hash mono"
                onclick={move |_: MouseEvent| copy.emit(())}
                title={format!("SHA-256 {}. Copies all of it.", file.sha256)}
                aria-label={format!("Copy the SHA-256 of {}, which begins with {}", file.name, short_hash(&file.sha256))}
                data-testid="evidence-hash"
            >
                { short_hash(&file.sha256) }
            </button>
            <span class="row-actions">
                <Button tone={Tone::Ghost} small=true icon={Icon::Download} label={format!("Save {}", file.name)} onclick={with(&props.onsave)} testid="evidence-save" />
                if let Some(remove) = &props.onremove {
                    <Button tone={Tone::Ghost} small=true icon={Icon::Trash} label={format!("Remove {}", file.name)} onclick={with(remove)} writes=true testid="evidence-remove" />
                }
            </span>
        </>
    }
}

/// A picture, a text, or the word that there is neither.
pub fn evidence_preview(content: &EvidenceContent) -> Html {
    let file = &content.evidence.file;
    if let (Kind::Image, Some(base64)) = (Kind::of(&file.media_type), &content.content_base64) {
        let src = format!("data:{};base64,{base64}", file.media_type);
        return html! { <img class="evidence-image" {src} alt={file.name.clone()} data-testid="evidence-image" /> };
    }
    match text_of(content, browser::bytes_of) {
        Some((text, whole)) => html! {
            <>
                <pre class="evidence-text selectable" tabindex="0" aria-label={file.name.clone()} data-testid="evidence-text">{ text }</pre>
                if !whole {
                    <p class="hint">{ "This is its beginning. Save the file to see all of it." }</p>
                }
            </>
        },
        None => no_preview(),
    }
}

/// That there is nothing to see, and what to do.
pub fn no_preview() -> Html {
    empty(&EmptyProps {
        icon: Icon::Clip,
        title: "No preview of this kind of file".into(),
        text: "Save it to open it with the program it belongs to.".into(),
        compact: true,
        children: Html::default(),
    })
}
