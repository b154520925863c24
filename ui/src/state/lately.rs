//! What the engine answered lately, so that a page one comes back to stands at once and is asked for again meanwhile.
//!
//! It is forgotten as a whole as soon as anything may have changed: with every event, and with every command that is no
//! load. What is remembered is therefore what the engine would answer, but for the time of day and for what another
//! process wrote a moment ago; the answer that is under way brings both. Deliberately absent: pages that start an edit
//! from what they load.

use crate::api::{Answer, Ask};
use std::cell::RefCell;
use std::collections::VecDeque;

/// As many answers as the pages have that a person goes to and fro between.
const MOST: usize = 16;

#[derive(Debug, Default)]
struct Lately {
    /// How often all was forgotten.
    age: u32,
    answers: VecDeque<(Ask, Answer)>,
}

thread_local! {
    static LATELY: RefCell<Lately> = RefCell::default();
}

/// When a request was sent, for [`remember`].
#[must_use]
pub fn age() -> u32 {
    LATELY.with_borrow(|lately| lately.age)
}

/// What was answered, unless something has changed since.
#[must_use]
pub fn known(ask: &Ask) -> Option<Answer> {
    LATELY.with_borrow(|lately| {
        lately.answers.iter().find(|(known, _)| known == ask).map(|(_, answer)| answer.clone())
    })
}

/// Keeps an answer to what was asked at an `age`.
pub fn remember(age: u32, ask: &Ask, answer: &Answer) {
    LATELY.with_borrow_mut(|lately| {
        if lately.age != age {
            // It may be of before the change.
            return;
        }
        lately.answers.retain(|(known, _)| known != ask);
        lately.answers.push_front((ask.clone(), answer.clone()));
        lately.answers.truncate(MOST);
    });
}

/// Something may have changed.
pub fn forget() {
    LATELY
        .with_borrow_mut(|lately| *lately = Lately { age: lately.age.wrapping_add(1), ..Lately::default() });
}

#[cfg(test)]
mod tests {
    use super::*;
    use mf_contract::flows::{FlowCounts, ListFlows};

    fn answer(text: &str) -> Answer {
        Answer::of(text.as_bytes(), std::rc::Rc::new(()))
    }

    #[test]
    fn an_answer_is_known_until_something_changes() {
        let ask = Ask::of(&FlowCounts {});
        remember(age(), &ask, &answer("1"));
        assert_eq!(known(&ask), Some(answer("1")));
        assert_eq!(known(&Ask::of(&ListFlows::default())), None);
        forget();
        assert_eq!(known(&ask), None);
    }

    #[test]
    fn an_answer_of_before_a_change_is_not_kept() {
        let ask = Ask::of(&FlowCounts {});
        let asked = age();
        forget();
        remember(asked, &ask, &answer("1"));
        assert_eq!(known(&ask), None);
    }

    #[test]
    fn the_newest_answers_are_kept() {
        for number in 0..=MOST {
            let ask = Ask::of(&ListFlows { search: Some(number.to_string()), ..ListFlows::default() });
            remember(age(), &ask, &answer("[]"));
        }
        let of = |number: usize| {
            known(&Ask::of(&ListFlows { search: Some(number.to_string()), ..ListFlows::default() }))
        };
        assert!(of(0).is_none() && of(1).is_some() && of(MOST).is_some());
    }
}
