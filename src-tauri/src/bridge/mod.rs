//! The loopback bridge: the interface in a plain browser, with the same commands and events behind it as in the window.
//!
//! For development and tests only: this module is part of debug builds alone. It listens on 127.0.0.1 and nowhere else,
//! and lets in whoever was told the token of this run; [`door`] has the rules.

mod door;
mod pages;

use std::convert::Infallible;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

use http_body_util::channel::Channel;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use mf_contract::{ApiError, ErrorCode, Event};
use mf_engine::ports::EventSink;
use tokio::net::TcpListener;
use tokio::sync::broadcast::{self, error::RecvError};

use crate::error::ShellError;
use crate::lock::DataLock;
use crate::logging;
use crate::paths::DataDir;
use crate::rpc::Line;
use crate::workspaces::Workspaces;

use door::{Door, Entry};

/// More than any command carries.
const LARGEST_COMMAND: usize = 64 << 20;
/// Events a slow browser may lag behind before it is told to load everything again.
const EVENTS: usize = 256;

type Body = BoxBody<Bytes, Infallible>;

/// Serves until it is ended. Prints the address to open as its only line on standard output.
///
/// # Errors
/// The data folder or the port cannot be had.
pub fn serve(data_dir: Option<PathBuf>, port: u16) -> Result<(), ShellError> {
    logging::to_stderr();
    let data = DataDir::open(data_dir)?;
    let _lock = DataLock::acquire(&data)?;
    let runtime = tokio::runtime::Runtime::new().map_err(ShellError::Bridge)?;
    runtime.block_on(listen(&data, port)).map_err(ShellError::Bridge)
}

async fn listen(data: &DataDir, port: u16) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let port = listener.local_addr()?.port();
    let (events, _) = broadcast::channel(EVENTS);
    let workspaces = Workspaces::for_bridge(data, Arc::new(Browsers(events.clone()))).await;
    let token = secret()?;
    let door = Door::new(port, &token, secret()?);
    let bridge = Arc::new(Bridge { door, workspaces, events });
    writeln!(io::stdout(), "http://127.0.0.1:{port}/?token={token}")?;
    loop {
        let (stream, _) = listener.accept().await?;
        let bridge = bridge.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let bridge = bridge.clone();
                async move { Ok::<_, Infallible>(bridge.answer(request).await) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service);
            // A browser that goes away in the middle is no news.
            let _ = connection.await;
        });
    }
}

/// 256 bits that nobody can guess, as text.
fn secret() -> io::Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The engine's way to every browser.
#[derive(Debug)]
struct Browsers(broadcast::Sender<String>);

impl EventSink for Browsers {
    fn emit(&self, event: Event) {
        if let Some(text) = as_text(&event) {
            // Nobody listens while no page is open.
            let _ = self.0.send(text);
        }
    }
}

#[derive(Debug)]
struct Bridge {
    door: Door,
    workspaces: Workspaces,
    events: broadcast::Sender<String>,
}

impl Bridge {
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let mut response = match self.door.admit(request.method(), request.uri(), request.headers()) {
            Entry::Admitted => self.serve(request).await,
            Entry::Welcome { cookie } => {
                let mut response = reply(StatusCode::SEE_OTHER, "text/plain", "");
                response.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/"));
                response.headers_mut().insert(header::SET_COOKIE, cookie);
                response
            }
            Entry::Refused(why) => reply(StatusCode::FORBIDDEN, "text/plain", why),
        };
        pages::protect(response.headers_mut());
        response
    }

    async fn serve(&self, request: Request<Incoming>) -> Response<Body> {
        match (request.method(), request.uri().path()) {
            (&Method::POST, "/rpc") => self.command(request).await,
            (&Method::GET, "/events") => self.follow(),
            (&Method::GET, path) => pages::page(path),
            _ => reply(StatusCode::METHOD_NOT_ALLOWED, "text/plain", "not here"),
        }
    }

    async fn command(&self, request: Request<Incoming>) -> Response<Body> {
        let refused = |message: &str| Err(ApiError::new(ErrorCode::Validation, message));
        let answer = match Limited::new(request.into_body(), LARGEST_COMMAND).collect().await {
            Ok(body) => match serde_json::from_slice::<Line>(&body.to_bytes()) {
                Ok(line) => self.workspaces.answer(&line.command, line.payload_text()).await,
                Err(_) => refused("not of the form {\"command\":…,\"payload\":…}"),
            },
            Err(_) => refused("the command did not arrive whole, or is too large"),
        };
        match answer {
            Ok(text) => reply(StatusCode::OK, "application/json", text),
            Err(error) => {
                reply(StatusCode::BAD_REQUEST, "application/json", as_text(&error).unwrap_or_default())
            }
        }
    }

    /// Server-sent events, from now on.
    fn follow(&self) -> Response<Body> {
        let mut events = self.events.subscribe();
        let (mut browser, body) = Channel::<Bytes, Infallible>::new(16);
        tokio::spawn(async move {
            let mut next = Some(String::from(": connected\n\n"));
            while let Some(text) = next {
                if browser.send_data(Bytes::from(text)).await.is_err() {
                    return;
                }
                let event = match events.recv().await {
                    Ok(event) => Some(event),
                    Err(RecvError::Lagged(_)) => as_text(&Event::EverythingChanged),
                    Err(RecvError::Closed) => None,
                };
                next = event.map(|event| format!("data: {event}\n\n"));
            }
        });
        let mut response = Response::new(body.boxed());
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        response
    }
}

fn as_text<T: serde::Serialize>(value: &T) -> Option<String> {
    serde_json::to_string(value).ok()
}

fn reply(status: StatusCode, content_type: &'static str, content: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(Full::new(content.into()).boxed());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
