//! What the window manager knows of our window, and asking it to close it: X11, as a task bar would speak it.

use crate::wait::until;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{Atom, AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, Window};
use x11rb::rust_connection::RustConnection;

const TITLE: &str = "Maintenance Flows";

/// A connection to the display the application is on.
#[derive(Debug)]
pub(crate) struct Screen {
    x: RustConnection,
    root: Window,
}

impl Screen {
    pub(crate) fn connect() -> Self {
        let (x, screen) = x11rb::connect(None).expect("a display: run the tests with `cargo xtask test`");
        let root = x.setup().roots[screen].root;
        Self { x, root }
    }

    fn atom(&self, name: &str) -> Atom {
        self.x.intern_atom(false, name.as_bytes()).expect("X answers").reply().expect("an atom").atom
    }

    fn windows(&self, property: &str) -> Vec<Window> {
        let property = self.atom(property);
        let reply =
            self.x.get_property(false, self.root, property, AtomEnum::WINDOW, 0, 1_024).expect("X answers");
        reply.reply().ok().and_then(|reply| Some(reply.value32()?.collect())).unwrap_or_default()
    }

    fn is_ours(&self, window: Window) -> bool {
        let (name, utf8) = (self.atom("_NET_WM_NAME"), self.atom("UTF8_STRING"));
        let reply = self.x.get_property(false, window, name, utf8, 0, 256).expect("X answers").reply();
        // A window may go between being listed and being asked.
        reply.is_ok_and(|reply| reply.value == TITLE.as_bytes())
    }

    /// How many of our windows are shown.
    pub(crate) fn shown(&self) -> usize {
        self.windows("_NET_CLIENT_LIST").into_iter().filter(|window| self.is_ours(*window)).count()
    }

    /// Whether our window is the one that has the keyboard.
    pub(crate) fn is_active(&self) -> bool {
        self.windows("_NET_ACTIVE_WINDOW").into_iter().any(|window| window != 0 && self.is_ours(window))
    }

    /// Closes our window as its title bar would, and waits until it is gone from the screen.
    pub(crate) async fn close_window(&self) {
        let ours = || self.windows("_NET_CLIENT_LIST").into_iter().find(|window| self.is_ours(*window));
        let window = until("the window to be shown", || async { ours() }).await;
        let close = ClientMessageEvent::new(32, window, self.atom("_NET_CLOSE_WINDOW"), [0, 2, 0, 0, 0]);
        let mask = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        self.x.send_event(false, self.root, mask, close).expect("X answers").check().expect("it is sent");
        // It stays the active one in the window manager's list: nothing else took its place.
        until("the window to be hidden", || async { (self.shown() == 0).then_some(()) }).await;
    }
}
