//! One load of one command: what is known, whether it is being asked, and what went wrong.
//!
//! Data stays on the screen while it is asked again, so that events do not make pages flicker; another request (another
//! id in the address) starts from nothing. A late answer to an earlier request is dropped.

use crate::api::{self, Ask};
use crate::events::use_event;
use mf_contract::{ApiError, Command, Event};
use std::any::Any;
use std::marker::PhantomData;
use std::rc::Rc;
use yew::prelude::*;

/// Where a load stands.
#[derive(Debug, Default)]
pub struct Load {
    data: Option<Rc<dyn Any>>,
    error: Option<ApiError>,
    round: u32,
}

/// What can happen to a load.
#[derive(Debug)]
pub enum LoadAction {
    /// Another request: forget what the earlier one answered.
    Begin { round: u32 },
    /// The request of a round was answered.
    Answered { round: u32, result: Result<Rc<dyn Any>, ApiError> },
    /// A command answered with the newer state of the same thing.
    Put(Rc<dyn Any>),
}

impl Reducible for Load {
    type Action = LoadAction;

    fn reduce(self: Rc<Self>, action: LoadAction) -> Rc<Self> {
        match action {
            LoadAction::Begin { round } => Rc::new(Self { data: None, error: None, round }),
            LoadAction::Answered { round, .. } if round != self.round => self,
            LoadAction::Answered { round, result: Ok(data) } => {
                Rc::new(Self { data: Some(data), error: None, round })
            }
            LoadAction::Answered { round, result: Err(error) } => {
                Rc::new(Self { data: self.data.clone(), error: Some(error), round })
            }
            LoadAction::Put(data) => Rc::new(Self { data: Some(data), error: None, round: self.round }),
        }
    }
}

/// A load as a page holds it.
#[derive(Debug)]
pub struct LoadHandle<T> {
    state: UseReducerHandle<Load>,
    again: Callback<()>,
    reply: PhantomData<T>,
}

impl<T> Clone for LoadHandle<T> {
    fn clone(&self) -> Self {
        Self { state: self.state.clone(), again: self.again.clone(), reply: PhantomData }
    }
}

impl<T: 'static> LoadHandle<T> {
    /// What is known.
    #[must_use]
    pub fn data(&self) -> Option<Rc<T>> {
        self.state.data.clone().and_then(|data| data.downcast().ok())
    }

    /// What went wrong the last time.
    #[must_use]
    pub fn error(&self) -> Option<&ApiError> {
        self.state.error.as_ref()
    }

    /// Asks again, as a callback.
    #[must_use]
    pub fn again(&self) -> Callback<()> {
        self.again.clone()
    }

    /// Takes the reply of a command as what is known now.
    #[must_use]
    pub fn put(&self) -> Callback<T> {
        let dispatcher = self.state.dispatcher();
        Callback::from(move |data| dispatcher.dispatch(LoadAction::Put(Rc::new(data))))
    }
}

#[derive(Debug, Default)]
struct Flight {
    round: u32,
    busy: bool,
    wanted_again: bool,
}

/// Loads the reply of `request` (nothing while `None`) and loads it again on every event that `concerns` it.
#[hook]
pub fn use_load<C>(request: Option<C>, concerns: fn(&C, &Event) -> bool) -> LoadHandle<C::Reply>
where
    C: Command + 'static,
    C::Reply: 'static,
{
    let ask = request.as_ref().map(Ask::of);
    let concerns: Concerns =
        Rc::new(move |event| request.as_ref().is_some_and(|request| concerns(request, event)));
    let (state, again) = use_ask(ask, concerns);
    LoadHandle { state, again, reply: PhantomData }
}

type Concerns = Rc<dyn Fn(&Event) -> bool>;

#[hook]
fn use_ask(request: Option<Ask>, concerns: Concerns) -> (UseReducerHandle<Load>, Callback<()>) {
    let state = use_reducer(Load::default);
    let flight = use_mut_ref(Flight::default);
    let newest = use_mut_ref(|| None::<Ask>);

    let ask = {
        let (dispatcher, flight, newest) = (state.dispatcher(), flight.clone(), newest.clone());
        Callback::from(move |()| {
            let (dispatcher, flight, newest) = (dispatcher.clone(), flight.clone(), newest.clone());
            {
                let mut flight = flight.borrow_mut();
                if flight.busy {
                    // A burst of events asks twice at most: now, and once when that is answered.
                    flight.wanted_again = true;
                    return;
                }
                flight.busy = true;
            }
            wasm_bindgen_futures::spawn_local(async move {
                loop {
                    let Some(request) = newest.borrow().clone() else { break };
                    let round = flight.borrow().round;
                    let result = api::call(&request).await;
                    dispatcher.dispatch(LoadAction::Answered { round, result });
                    if !std::mem::take(&mut flight.borrow_mut().wanted_again) {
                        break;
                    }
                }
                flight.borrow_mut().busy = false;
            });
        })
    };

    {
        let (ask, dispatcher) = (ask.clone(), state.dispatcher());
        use_effect_with(request, move |request| {
            newest.borrow_mut().clone_from(request);
            let round = {
                let mut flight = flight.borrow_mut();
                flight.round += 1;
                flight.round
            };
            dispatcher.dispatch(LoadAction::Begin { round });
            ask.emit(());
        });
    }

    {
        let ask = ask.clone();
        use_event(Callback::from(move |event: Event| {
            if matches!(event, Event::EverythingChanged) || concerns(&event) {
                ask.emit(());
            }
        }));
    }

    (state, ask)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mf_contract::ErrorCode;

    fn answered(round: u32, number: u32) -> LoadAction {
        LoadAction::Answered { round, result: Ok(Rc::new(number)) }
    }

    fn number(load: &Load) -> Option<u32> {
        load.data.as_ref().and_then(|data| data.downcast_ref().copied())
    }

    #[test]
    fn data_stays_while_asked_again_and_after_a_failure() {
        let load = Rc::new(Load::default()).reduce(LoadAction::Begin { round: 1 }).reduce(answered(1, 5));
        let error = ApiError::new(ErrorCode::Unavailable, "locked");
        let load = load.reduce(LoadAction::Answered { round: 1, result: Err(error.clone()) });
        assert_eq!((number(&load), load.error.as_ref()), (Some(5), Some(&error)));
        let load = load.reduce(LoadAction::Put(Rc::new(6_u32)));
        assert_eq!((number(&load), load.error.as_ref()), (Some(6), None));
    }

    #[test]
    fn another_request_starts_from_nothing_and_late_answers_are_dropped() {
        let load = Rc::new(Load::default()).reduce(LoadAction::Begin { round: 1 }).reduce(answered(1, 5));
        let load = load.reduce(LoadAction::Begin { round: 2 });
        assert_eq!(number(&load), None);
        let load = load.reduce(answered(1, 5));
        assert_eq!(number(&load), None);
    }
}
