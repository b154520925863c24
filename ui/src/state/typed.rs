//! A search that stands in the address: the address follows the typing with a short delay, so that not every letter is a
//! request, and the field follows the address when that changes from outside.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// How long a person has to stop typing, in milliseconds.
const PAUSE: u32 = 180;

/// What is typed. `settle` is called with it, without blanks around it, once the person has stopped.
#[hook]
pub fn use_typed(asked: &str, settle: Callback<String>) -> UseStateHandle<String> {
    let typed = use_state(|| asked.to_owned());
    // Another filter may be chosen while the person still types.
    let newest = use_mut_ref(|| settle.clone());
    *newest.borrow_mut() = settle;
    {
        let asked = asked.to_owned();
        use_effect_with((*typed).clone(), move |typed| {
            let search = typed.trim().to_owned();
            let timeout = (search != asked).then(|| {
                Timeout::new(PAUSE, move || {
                    let settle = newest.borrow().clone();
                    settle.emit(search);
                })
            });
            move || drop(timeout)
        });
    }
    {
        // Another filter, back and forward change the address from outside.
        let set = typed.setter();
        let typed = (*typed).clone();
        use_effect_with(asked.to_owned(), move |asked| {
            if asked != typed.trim() {
                set.set(asked.clone());
            }
        });
    }
    typed
}
