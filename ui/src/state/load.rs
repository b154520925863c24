//! One load of one command: what is known, whether it is being asked, and what went wrong.
//!
//! Data stays on the screen while it is asked again, so that events do not make pages flicker; another request (another
//! id in the address) starts from nothing, or of a page that is only looked at from what was answered lately. A late
//! answer to an earlier request is dropped, and the same answer once more draws nothing.

use super::lately;
use crate::api::{self, Answer, Ask};
use crate::events::use_event;
use mf_contract::{ApiError, Command, Event};
use std::any::Any;
use std::cell::RefCell;
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
    /// Another request: forget what the earlier one answered. What is known of this one is shown meanwhile.
    Begin { round: u32, known: Option<Rc<dyn Any>> },
    /// The request of a round was answered.
    Answered { round: u32, result: Result<Rc<dyn Any>, ApiError> },
    /// A command answered with the newer state of the same thing.
    Put(Rc<dyn Any>),
}

impl Reducible for Load {
    type Action = LoadAction;

    fn reduce(self: Rc<Self>, action: LoadAction) -> Rc<Self> {
        match action {
            LoadAction::Begin { round, known } => Rc::new(Self { data: known, error: None, round }),
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
    flight: Rc<RefCell<Flight>>,
    again: Callback<()>,
    reply: PhantomData<T>,
}

impl<T> Clone for LoadHandle<T> {
    fn clone(&self) -> Self {
        Self {
            state: self.state.clone(),
            flight: self.flight.clone(),
            again: self.again.clone(),
            reply: PhantomData,
        }
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
        let (dispatcher, flight) = (self.state.dispatcher(), self.flight.clone());
        Callback::from(move |data| {
            // What was answered before is not what is shown any more.
            flight.borrow_mut().shown = None;
            dispatcher.dispatch(LoadAction::Put(Rc::new(data)));
        })
    }
}

#[derive(Debug, Default)]
struct Flight {
    round: u32,
    /// Whether the first request was sent: what its load begins with is there from the first drawing on.
    has_begun: bool,
    busy: bool,
    wanted_again: bool,
    /// The answer that is on the screen, as long as nothing else is.
    shown: Option<Answer>,
}

impl Flight {
    /// What an answer changes on the screen: nothing where the same one is shown.
    fn news(
        &mut self,
        round: u32,
        result: Result<Answer, ApiError>,
    ) -> Option<Result<Rc<dyn Any>, ApiError>> {
        if round == self.round {
            let answer = result.as_ref().ok().cloned();
            if answer.is_some() && answer == self.shown {
                return None;
            }
            self.shown = answer;
        }
        Some(result.map(|answer| answer.data))
    }
}

/// What a load begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beginning {
    Nothing,
    /// What was answered lately.
    Lately,
}

/// Loads the reply of `request` (nothing while `None`) and loads it again on every event that `concerns` it.
#[hook]
pub fn use_load<C>(request: Option<C>, concerns: fn(&C, &Event) -> bool) -> LoadHandle<C::Reply>
where
    C: Command + 'static,
    C::Reply: 'static,
{
    use_load_from(Beginning::Nothing, request, concerns)
}

/// As [`use_load`], for what is only looked at: begins with what was answered lately.
#[hook]
pub fn use_view<C>(request: Option<C>, concerns: fn(&C, &Event) -> bool) -> LoadHandle<C::Reply>
where
    C: Command + 'static,
    C::Reply: 'static,
{
    use_load_from(Beginning::Lately, request, concerns)
}

#[hook]
fn use_load_from<C>(
    beginning: Beginning,
    request: Option<C>,
    concerns: fn(&C, &Event) -> bool,
) -> LoadHandle<C::Reply>
where
    C: Command + 'static,
    C::Reply: 'static,
{
    let ask = request.as_ref().map(Ask::of);
    let concerns: Concerns =
        Rc::new(move |event| request.as_ref().is_some_and(|request| concerns(request, event)));
    let (state, flight, again) = use_ask(beginning, ask, concerns);
    LoadHandle { state, flight, again, reply: PhantomData }
}

type Concerns = Rc<dyn Fn(&Event) -> bool>;

type Asking = (UseReducerHandle<Load>, Rc<RefCell<Flight>>, Callback<()>);

#[hook]
fn use_ask(beginning: Beginning, request: Option<Ask>, concerns: Concerns) -> Asking {
    let known = move |request: &Option<Ask>| match beginning {
        Beginning::Nothing => None,
        Beginning::Lately => request.as_ref().and_then(lately::known),
    };
    // From the very first drawing on, not from the one after.
    let state = use_reducer(|| Load { data: known(&request).map(|known| known.data), ..Load::default() });
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
                    let (round, shown) = (flight.borrow().round, flight.borrow().shown.clone());
                    let age = lately::age();
                    let result = api::load(&request, shown).await;
                    if let (Beginning::Lately, Ok(answer)) = (beginning, &result) {
                        lately::remember(age, &request, answer);
                    }
                    let news = flight.borrow_mut().news(round, result);
                    if let Some(result) = news {
                        dispatcher.dispatch(LoadAction::Answered { round, result });
                    }
                    if !std::mem::take(&mut flight.borrow_mut().wanted_again) {
                        break;
                    }
                }
                flight.borrow_mut().busy = false;
            });
        })
    };

    {
        let (ask, dispatcher, flight) = (ask.clone(), state.dispatcher(), flight.clone());
        use_effect_with(request, move |request| {
            newest.borrow_mut().clone_from(request);
            let known = known(request);
            let begun = {
                let mut flight = flight.borrow_mut();
                flight.shown.clone_from(&known);
                std::mem::replace(&mut flight.has_begun, true).then(|| {
                    flight.round += 1;
                    flight.round
                })
            };
            if let Some(round) = begun {
                dispatcher.dispatch(LoadAction::Begin { round, known: known.map(|known| known.data) });
            }
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

    (state, flight, ask)
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
        let load = Rc::new(Load::default())
            .reduce(LoadAction::Begin { round: 1, known: None })
            .reduce(answered(1, 5));
        let error = ApiError::new(ErrorCode::Unavailable, "locked");
        let load = load.reduce(LoadAction::Answered { round: 1, result: Err(error.clone()) });
        assert_eq!((number(&load), load.error.as_ref()), (Some(5), Some(&error)));
        let load = load.reduce(LoadAction::Put(Rc::new(6_u32)));
        assert_eq!((number(&load), load.error.as_ref()), (Some(6), None));
    }

    #[test]
    fn the_same_answer_once_more_is_no_news() {
        let answer = |text: &str| Ok(Answer::of(text.as_bytes(), Rc::new(())));
        let mut flight = Flight::default();
        assert!(flight.news(0, answer("5")).is_some());
        assert!(flight.news(0, answer("5")).is_none());
        assert!(flight.news(0, answer("6")).is_some());
        // After a failure the same answer takes the message away.
        assert!(flight.news(0, Err(ApiError::new(ErrorCode::Unavailable, "locked"))).is_some());
        assert!(flight.news(0, answer("6")).is_some());
        // Of an earlier request: not shown, whatever it says.
        flight.round = 1;
        assert!(flight.news(0, answer("7")).is_some());
        assert!(flight.news(1, answer("6")).is_none());
    }

    #[test]
    fn another_request_starts_from_nothing_and_late_answers_are_dropped() {
        let load = Rc::new(Load::default())
            .reduce(LoadAction::Begin { round: 1, known: None })
            .reduce(answered(1, 5));
        let load = load.reduce(LoadAction::Begin { round: 2, known: None });
        assert_eq!(number(&load), None);
        let load = load.reduce(answered(1, 5));
        assert_eq!(number(&load), None);
    }
}
