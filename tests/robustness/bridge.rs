//! The loopback bridge of the real binary: who is let in, and who is not.

use crate::headless::Folder;
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Stdio};

struct Bridge {
    child: Child,
    at: SocketAddr,
    token: String,
    _folder: Folder,
}

impl Drop for Bridge {
    fn drop(&mut self) {
        // Both fail only for a process that is gone, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Bridge {
    fn start() -> Self {
        let folder = Folder::new();
        let mut child = folder
            .command()
            .arg("serve")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let (at, token) = line
            .trim()
            .strip_prefix("http://")
            .and_then(|rest| rest.split_once("/?token="))
            .expect("an address");
        Self { child, at: at.parse().expect("an address"), token: token.to_owned(), _folder: folder }
    }

    fn send(&self, head: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.at).expect("it listens");
        let length = body.len();
        write!(stream, "{head}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}")
            .expect("it reads");
        stream
    }

    /// Status, head and body of an answer.
    fn ask(&self, head: &str, body: &str) -> (u16, String, String) {
        let mut answer = Vec::new();
        self.send(head, body).read_to_end(&mut answer).expect("an answer");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, head.to_ascii_lowercase(), body.to_owned())
    }

    fn enter(&self, token: &str) -> (u16, String, String) {
        self.ask(&format!("GET /?token={token} HTTP/1.1\r\nHost: {}\r\n", self.at), "")
    }

    /// The cookie that the token is good for.
    fn cookie(&self) -> String {
        let (status, head, _) = self.enter(&self.token);
        assert_eq!(status, 303, "{head}");
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
        assert!(cookie.contains("httponly") && cookie.contains("samesite=strict"), "{cookie}");
        cookie.split(';').next().expect("a pair").to_owned()
    }

    fn rpc(&self, host: &str, origin: &str, cookie: &str, command: &str) -> (u16, String, String) {
        let head = format!(
            "POST /rpc HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nCookie: {cookie}\r\nContent-Type: application/json\r\n"
        );
        self.ask(&head, command)
    }
}

#[test]
fn a_wrong_token_and_a_used_one_are_refused() {
    let bridge = Bridge::start();
    assert!(bridge.at.ip().is_loopback());
    assert_eq!(bridge.enter("0123456789abcdef").0, 403);
    assert_eq!(bridge.ask(&format!("GET / HTTP/1.1\r\nHost: {}\r\n", bridge.at), "").0, 403);
    let cookie = bridge.cookie();
    assert_eq!(bridge.enter(&bridge.token).0, 403, "the token works once");
    let page = format!("GET /flows HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\n", bridge.at);
    let (status, head, body) = bridge.ask(&page, "");
    assert_eq!(status, 200, "{head}");
    assert!(body.contains("Maintenance Flows"), "{body}");
    assert!(head.contains("content-security-policy: default-src 'self'"), "{head}");
}

#[test]
fn a_foreign_name_and_another_origin_are_refused() {
    let bridge = Bridge::start();
    let cookie = bridge.cookie();
    let (own, command) = (format!("http://{}", bridge.at), r#"{"command":"flow_counts","payload":{}}"#);
    let host = bridge.at.to_string();
    assert_eq!(bridge.rpc(&host, &own, &cookie, command).0, 200);
    assert_eq!(bridge.rpc("evil.example", &own, &cookie, command).0, 403);
    assert_eq!(bridge.rpc(&host, "http://evil.example", &cookie, command).0, 403);
    assert_eq!(bridge.rpc(&host, "null", &cookie, command).0, 403);
    assert_eq!(bridge.rpc(&host, &own, "", command).0, 403);
}

#[test]
fn commands_are_answered_and_what_they_change_is_told() {
    let bridge = Bridge::start();
    let cookie = bridge.cookie();
    let (host, own) = (bridge.at.to_string(), format!("http://{}", bridge.at));
    let events = format!("GET /events HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n");
    let mut events = BufReader::new(bridge.send(&events, ""));
    let mut told = |what: &str| {
        let mut line = String::new();
        while !line.contains(what) {
            line.clear();
            assert!(events.read_line(&mut line).expect("events") > 0, "the events ended before {what}");
        }
    };
    told(": connected");
    let list =
        json!({"command": "create_target_list", "payload": {"name": "Farm", "targets": [{"label": "A"}]}});
    let (status, _, body) = bridge.rpc(&host, &own, &cookie, &list.to_string());
    assert_eq!(status, 200, "{body}");
    told("target_list_changed");

    let (status, _, body) = bridge.rpc(&host, &own, &cookie, r#"{"command":"no_such"}"#);
    assert_eq!(status, 400);
    assert!(body.contains(r#""code":"validation""#), "{body}");
    assert_eq!(bridge.rpc(&host, &own, &cookie, "nonsense").0, 400);
}
