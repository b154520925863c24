//! One command a person sets off: at most one at a time, and what went wrong stays beside the form.

use crate::api::{self, Ask};
use crate::browser;
use crate::state::toasts::use_toasts;
use mf_contract::{ApiError, Command};
use std::any::Any;
use std::marker::PhantomData;
use std::rc::Rc;
use yew::prelude::*;

/// A command as a page holds it.
#[derive(Debug)]
pub struct CallHandle<C: Command> {
    state: UseStateHandle<(bool, Option<ApiError>)>,
    run: Callback<Ask>,
    leave: Callback<()>,
    command: PhantomData<C>,
}

impl<C: Command> Clone for CallHandle<C> {
    fn clone(&self) -> Self {
        Self {
            state: self.state.clone(),
            run: self.run.clone(),
            leave: self.leave.clone(),
            command: PhantomData,
        }
    }
}

impl<C: Command> PartialEq for CallHandle<C> {
    fn eq(&self, other: &Self) -> bool {
        *self.state == *other.state
    }
}

impl<C: Command> CallHandle<C> {
    /// Sets the command off, unless one is under way.
    pub fn run(&self, request: C)
    where
        C::Reply: 'static,
    {
        self.run.emit(Ask::of(&request));
    }

    /// Whether one is under way.
    #[must_use]
    pub fn busy(&self) -> bool {
        self.state.0
    }

    /// What went wrong the last time.
    #[must_use]
    pub fn error(&self) -> Option<&ApiError> {
        self.state.1.as_ref()
    }

    /// What went wrong with a field: the sentence to show beside it.
    #[must_use]
    pub fn error_on(&self, field: &str) -> Option<String> {
        self.error().filter(|error| is_on(error, field)).map(api::sentence)
    }

    /// What went wrong with none of these fields: the sentence to show for the whole form.
    #[must_use]
    pub fn error_elsewhere(&self, fields: &[&str]) -> Option<String> {
        self.error().filter(|error| !fields.iter().any(|field| is_on(error, field))).map(api::sentence)
    }

    /// The person has gone on to something else: what is under way neither keeps the next one waiting nor says beside it
    /// what went wrong. That is told as a toast.
    pub fn leave(&self) {
        self.leave.emit(());
    }

    /// Forgets what went wrong.
    pub fn clear(&self) {
        if self.state.1.is_some() {
            self.state.set((self.state.0, None));
        }
    }
}

/// `targets[3].label` is on `targets`.
fn is_on(error: &ApiError, field: &str) -> bool {
    error.field.as_deref().is_some_and(|path| {
        path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}

/// A command whose reply goes to the newest `done`.
#[hook]
pub fn use_call<C>(done: Callback<C::Reply>) -> CallHandle<C>
where
    C: Command + 'static,
    C::Reply: Clone + 'static,
{
    let done = Callback::from(move |reply: Rc<dyn Any>| {
        if let Ok(reply) = reply.downcast::<C::Reply>() {
            done.emit(Rc::unwrap_or_clone(reply));
        }
    });
    let (state, run, leave) = use_ask(done);
    CallHandle { state, run, leave, command: PhantomData }
}

/// Puts the keyboard where the engine refused something: pairs of a field, as the engine calls it, and the id of its
/// control.
#[hook]
pub fn use_refused(error: Option<&ApiError>, fields: &[(&str, &str)]) {
    let control = error.and_then(|error| fields.iter().find(|(field, _)| is_on(error, field)));
    let control = control.map(|(_, id)| (*id).to_owned());
    // The error as well: what is sent and refused again takes the keyboard back again.
    use_effect_with((error.cloned(), control), |(_, control)| {
        if let Some(id) = control {
            // The control may just be drawn, behind another tab.
            browser::focus_soon(id);
        }
    });
}

/// Tells as a toast what went wrong with a command that has no place on the page for it.
#[hook]
pub fn use_told(error: Option<&ApiError>) {
    let toasts = use_toasts();
    use_effect_with(error.cloned(), move |error| {
        if let (Some(error), Some(toasts)) = (error, toasts) {
            toasts.failure(error);
        }
    });
}

type State = UseStateHandle<(bool, Option<ApiError>)>;

#[hook]
fn use_ask(done: Callback<Rc<dyn Any>>) -> (State, Callback<Ask>, Callback<()>) {
    let state = use_state(|| (false, None));
    let toasts = use_toasts();
    let newest = use_mut_ref(|| done.clone());
    *newest.borrow_mut() = done;
    // Beside the state: two clicks within one frame both see the old state.
    let busy = use_mut_ref(|| false);
    // How often what was under way has been left behind.
    let left = use_mut_ref(|| 0_u32);
    let leave = {
        let (set, busy, left) = (state.setter(), busy.clone(), left.clone());
        Callback::from(move |()| {
            *left.borrow_mut() += 1;
            *busy.borrow_mut() = false;
            set.set((false, None));
        })
    };
    let set = state.setter();
    let run = Callback::from(move |ask: Ask| {
        if std::mem::replace(&mut *busy.borrow_mut(), true) {
            return;
        }
        let (state, newest, busy) = (set.clone(), newest.clone(), busy.clone());
        let (left, toasts, begun) = (left.clone(), toasts.clone(), *left.borrow());
        state.set((true, None));
        wasm_bindgen_futures::spawn_local(async move {
            let result = api::call(&ask).await;
            let here = *left.borrow() == begun;
            if here {
                *busy.borrow_mut() = false;
                state.set((false, result.as_ref().err().cloned()));
            }
            match result {
                Ok(reply) => {
                    let done = newest.borrow().clone();
                    done.emit(reply);
                }
                Err(error) => {
                    if let Some(toasts) = toasts.filter(|_| !here) {
                        toasts.failure(&error);
                    }
                }
            }
        });
    });
    (state, run, leave)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mf_contract::ErrorCode;

    #[test]
    fn an_error_belongs_to_its_field_and_to_what_lies_under_it() {
        let error = ApiError::new(ErrorCode::Validation, "too long").on("targets[3].label");
        assert!(is_on(&error, "targets"));
        assert!(!is_on(&error, "target"));
        assert!(!is_on(&ApiError::new(ErrorCode::Conflict, "x"), "targets"));
    }
}
