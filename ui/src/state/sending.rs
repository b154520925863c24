//! Sends evidence on its way to the engine, wherever the person goes meanwhile.
//!
//! What arrived is told as an event, like any change of a session.

use super::evidence::media_type;
use super::toasts::use_toasts;
use super::uploads::{Source, Upload, UploadAction, Uploads};
use crate::api::{self, Ask};
use crate::browser;
use crate::route::Route;
use mf_contract::sessions::AddEvidence;
use mf_contract::{ApiError, ErrorCode};
use yew::prelude::*;

/// Evidence on its way, for every page below the shell.
#[derive(Clone, Debug, PartialEq)]
pub struct UploadQueue(pub UseReducerHandle<Uploads>);

/// Sends what is given, one piece after the other; for the shell, which outlives every page.
#[hook]
pub fn use_sending() -> UploadQueue {
    let uploads = use_reducer(Uploads::default);
    let toasts = use_toasts();
    let dispatcher = uploads.dispatcher();
    use_effect_with(uploads.due().cloned(), move |due| {
        if let Some(upload) = due.clone() {
            dispatcher.dispatch(UploadAction::Read(upload.id, 0));
            wasm_bindgen_futures::spawn_local(async move {
                let error = match send(&upload, dispatcher.clone()).await {
                    Ok(()) => return dispatcher.dispatch(UploadAction::Done(upload.id)),
                    Err(error) => error,
                };
                let reason = api::sentence(&error);
                let place = Route::Session { id: upload.place.session }.path();
                // Its place says so, too; but somebody who has gone on does not see that.
                if let Some(toasts) = toasts.filter(|_| !browser::address().starts_with(&place)) {
                    let message = format!("{} was not kept as evidence. {reason}", upload.name);
                    toasts.failure(&ApiError::new(error.code, message));
                }
                dispatcher.dispatch(UploadAction::Fail(upload.id, reason));
            });
        }
    });
    UploadQueue(uploads)
}

/// Evidence on its way; what is given here is sent where there is a shell.
#[hook]
pub fn use_uploads() -> UseReducerHandle<Uploads> {
    let alone = use_reducer(Uploads::default);
    use_context::<UploadQueue>().map_or(alone, |queue| queue.0)
}

async fn send(upload: &Upload, dispatcher: UseReducerDispatcher<Uploads>) -> Result<(), ApiError> {
    let id = upload.id;
    let request = |media_type: Option<String>, text: Option<String>| {
        Ask::of(&AddEvidence {
            session_id: upload.place.session,
            step_id: upload.place.step.clone(),
            name: upload.name.clone(),
            media_type,
            content_base64: None,
            text,
        })
    };
    match &upload.source {
        Source::Text(text) => {
            dispatcher.dispatch(UploadAction::Save(id));
            api::call(&request(None, Some(text.to_string()))).await?;
        }
        Source::File(file) => {
            let hear = dispatcher.clone();
            let read =
                browser::file_base64(file, move |percent| hear.dispatch(UploadAction::Read(id, percent)));
            let content = read.await.ok_or_else(|| {
                ApiError::new(ErrorCode::Unavailable, "It could not be read. Is it still there?")
            })?;
            dispatcher.dispatch(UploadAction::Save(id));
            let request = request(media_type(&upload.name, &file.type_()), None);
            api::call_with(&request, "content_base64", &content).await?;
        }
    }
    Ok(())
}
