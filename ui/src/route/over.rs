//! What lies over a page: at first as its address asks, then as the person opens and closes it.

use super::Route;
use crate::browser;
use yew::prelude::*;

/// What [`use_over`] gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Over<T> {
    /// What lies there now.
    pub now: Option<T>,
    set: UseStateSetter<Option<T>>,
    /// Takes it away. Closed, the address no longer asks for it.
    pub close: Callback<()>,
}

impl<T: Clone + 'static> Over<T> {
    /// Lays something over the page.
    pub fn show(&self, what: T) -> Callback<()> {
        let set = self.set.clone();
        Callback::from(move |()| set.set(Some(what.clone())))
    }
}

/// What lies over the page `home`, whose address asks for `asked`.
#[hook]
pub fn use_over<T: Clone + PartialEq + 'static>(asked: Option<T>, home: Route) -> Over<T> {
    let now = use_state(|| None);
    let close = {
        let (set, asked) = (now.setter(), asked.is_some());
        Callback::from(move |()| {
            set.set(None);
            if asked {
                browser::go_to(&home.path(), true);
            }
        })
    };
    {
        let set = now.setter();
        use_effect_with(asked, move |asked| {
            if asked.is_some() {
                set.set(asked.clone());
            }
        });
    }
    Over { now: (*now).clone(), set: now.setter(), close }
}
