//! A way to the server on which things go wrong.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What goes wrong with every connection made from now on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    None,
    /// Nobody is there.
    Down,
    /// Both ends see it end after so many bytes, whichever way they went.
    Cut(usize),
    /// Everything takes so much longer.
    Delay(Duration),
    /// After so many bytes nothing goes through any more, and neither end learns of it.
    HalfOpen(usize),
}

#[derive(Clone, Debug)]
pub(crate) struct Proxy {
    pub(crate) port: u16,
    fault: Arc<Mutex<Fault>>,
    made: Arc<AtomicUsize>,
    /// Connections below this number are half open, whatever they were made with.
    frozen: Arc<AtomicUsize>,
}

impl Proxy {
    /// Before the server on a port of this machine. Ends with the process.
    pub(crate) fn before(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (made, frozen) = (Arc::default(), Arc::default());
        let proxy = Self { port, fault: Arc::new(Mutex::new(Fault::None)), made, frozen };
        let inner = proxy.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                inner.connect(&client, server);
            }
        });
        proxy
    }

    fn connect(&self, client: &TcpStream, server: u16) {
        let fault = *self.fault.lock().expect("no panic");
        if matches!(fault, Fault::Down) {
            return;
        }
        let Ok(upstream) = TcpStream::connect(("127.0.0.1", server)) else { return };
        let number = self.made.fetch_add(1, Ordering::SeqCst);
        let through = Arc::new(AtomicUsize::new(0));
        for (from, to) in [(client, &upstream), (&upstream, client)] {
            let (from, to) = (from.try_clone().expect("a handle"), to.try_clone().expect("a handle"));
            let (through, frozen) = (Arc::clone(&through), Arc::clone(&self.frozen));
            let is_frozen = move || number < frozen.load(Ordering::SeqCst);
            std::thread::spawn(move || forward(from, to, fault, &through, is_frozen));
        }
    }

    pub(crate) fn set(&self, fault: Fault) {
        *self.fault.lock().expect("no panic") = fault;
    }

    /// From now on nothing goes through the connections there are, and nobody learns of it.
    pub(crate) fn freeze(&self) {
        self.frozen.store(self.made.load(Ordering::SeqCst), Ordering::SeqCst);
    }
}

fn forward(
    mut from: TcpStream,
    mut to: TcpStream,
    fault: Fault,
    through: &AtomicUsize,
    is_frozen: impl Fn() -> bool,
) {
    let mut buffer = [0; 4096];
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(read) => read,
        };
        let before = through.fetch_add(read, Ordering::SeqCst);
        let passes = match fault {
            _ if is_frozen() => 0,
            Fault::Cut(after) | Fault::HalfOpen(after) => after.saturating_sub(before).min(read),
            Fault::None | Fault::Delay(_) | Fault::Down => read,
        };
        if let Fault::Delay(delay) = fault {
            std::thread::sleep(delay);
        }
        if to.write_all(&buffer[..passes]).is_err() || (passes < read && matches!(fault, Fault::Cut(_))) {
            break;
        }
    }
    // An end that is gone is gone for both.
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
