//! Documents among the downloads: each is saved, and a toast says where.

use crate::state::toasts::use_toasts;
use crate::{api, browser};
use yew::prelude::*;

/// What a document holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    Text(AttrValue),
    Base64(AttrValue),
}

impl Content {
    /// As the engine answers it: a text, or else bytes.
    #[must_use]
    pub fn of(text: Option<String>, base64: Option<String>) -> Self {
        match text {
            Some(text) => Self::Text(text.into()),
            None => Self::Base64(base64.unwrap_or_default().into()),
        }
    }
}

/// A document to save.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub name: String,
    pub content: Content,
}

/// Saves a document and says where, or why not; before that it tells `settled`.
#[hook]
pub fn use_save(settled: Callback<()>) -> Callback<Document> {
    let toasts = use_toasts();
    Callback::from(move |document: Document| {
        let (settled, toasts) = (settled.clone(), toasts.clone());
        wasm_bindgen_futures::spawn_local(async move {
            let saved = match &document.content {
                Content::Text(text) => browser::save_download(&document.name, text).await,
                Content::Base64(bytes) => browser::save_bytes(&document.name, bytes).await,
            };
            settled.emit(());
            let Some(toasts) = toasts else { return };
            match saved {
                Ok(path) => toasts.success(format!("Saved as {path}.")),
                Err(error) => toasts.failure(&api::failure(&error)),
            }
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_bytes() {
        assert_eq!(Content::of(Some("a".into()), Some("YQ==".into())), Content::Text("a".into()));
        assert_eq!(Content::of(None, Some("YQ==".into())), Content::Base64("YQ==".into()));
    }
}
