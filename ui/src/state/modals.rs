//! The dialogs that are open over the page, in the order they were opened.
//!
//! Everything outside the topmost one is inert: what is to be of use there has to stand inside it.

use std::rc::Rc;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// The open dialogs; the last one lies on top.
#[derive(Clone, Debug, PartialEq)]
pub struct ModalStack<T = HtmlDialogElement> {
    open: Vec<(u32, T)>,
    next: u32,
}

impl<T> Default for ModalStack<T> {
    fn default() -> Self {
        Self { open: Vec::new(), next: 1 }
    }
}

impl<T> ModalStack<T> {
    /// The dialog on top, with a number that no other opening has.
    #[must_use]
    pub fn top(&self) -> Option<&(u32, T)> {
        self.open.last()
    }
}

/// What can happen to a dialog.
#[derive(Clone, Debug)]
pub enum ModalAction<T = HtmlDialogElement> {
    Opened(T),
    /// Closed, or gone with its page.
    Closed(T),
}

impl<T: Clone + PartialEq> Reducible for ModalStack<T> {
    type Action = ModalAction<T>;

    fn reduce(self: Rc<Self>, action: ModalAction<T>) -> Rc<Self> {
        let mut stack = Rc::unwrap_or_clone(self);
        match action {
            ModalAction::Opened(dialog) => {
                stack.open.push((stack.next, dialog));
                stack.next = stack.next.wrapping_add(1);
            }
            ModalAction::Closed(dialog) => stack.open.retain(|(_, other)| *other != dialog),
        }
        Rc::new(stack)
    }
}

/// Where dialogs say that they are open, from anywhere below the root.
#[derive(Clone, Debug, PartialEq)]
pub struct Modals(pub UseReducerDispatcher<ModalStack>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_one_opened_lies_on_top_until_it_is_closed() {
        let stack: Rc<ModalStack<&str>> = Rc::default();
        let stack = stack.reduce(ModalAction::Opened("launch")).reduce(ModalAction::Opened("confirm"));
        assert_eq!(stack.top(), Some(&(2, "confirm")));
        // A page that goes takes its dialogs with it in any order.
        let below = stack.clone().reduce(ModalAction::Closed("launch"));
        assert_eq!(below.top(), Some(&(2, "confirm")));
        let stack = stack.reduce(ModalAction::Closed("confirm"));
        assert_eq!(stack.top(), Some(&(1, "launch")));
        let again = stack.reduce(ModalAction::Closed("launch")).reduce(ModalAction::Opened("launch"));
        assert_eq!(again.top(), Some(&(3, "launch")));
    }
}
