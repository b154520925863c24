//! Who may come in.
//!
//! Any page a browser shows may send requests to 127.0.0.1. Three things keep them out: the name the request was sent
//! to (a page whose own name was pointed at this machine sends that one), the origin it comes from, and a cookie that is
//! had for a token which is printed to the terminal and works once.

use std::sync::{Mutex, PoisonError};

use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Uri};
use sha2::{Digest, Sha256};

/// What becomes of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Admitted,
    /// The token was good: here is the cookie, and the token is worthless now.
    Welcome {
        cookie: HeaderValue,
    },
    Refused(&'static str),
}

/// The rules, for one run.
#[derive(Debug)]
pub(super) struct Door {
    host: String,
    origin: String,
    cookie: String,
    token: Mutex<Option<[u8; 32]>>,
    pass: String,
}

impl Door {
    pub(super) fn new(port: u16, token: &str, pass: String) -> Self {
        let host = format!("127.0.0.1:{port}");
        // Cookies do not know ports: two bridges must not take each other's.
        let cookie = format!("maintenance-flows-{port}");
        Self { origin: format!("http://{host}"), host, cookie, token: Mutex::new(Some(digest(token))), pass }
    }

    pub(super) fn admit(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Entry {
        if one(headers, &header::HOST) != Some(&self.host) {
            return Entry::Refused("this is no name of this bridge");
        }
        match one(headers, &header::ORIGIN) {
            Some(origin) if origin == self.origin => {}
            // Browsers name the origin of everything that is not a mere reading.
            None if method == Method::GET && !headers.contains_key(header::ORIGIN) => {}
            _ => return Entry::Refused("not from this page"),
        }
        if self.has_pass(headers) {
            return Entry::Admitted;
        }
        match offered(uri) {
            Some(token) if method == Method::GET && self.take(token) => self.welcome(),
            Some(_) => Entry::Refused("this token is not good, or was used before: start the bridge again"),
            None => Entry::Refused("open the address that the bridge printed"),
        }
    }

    fn has_pass(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut ours = pairs.filter(|(name, _)| *name == self.cookie);
        ours.any(|(_, value)| digest(value) == digest(&self.pass))
    }

    /// Compared as digests, so that the time it takes tells nothing about the token.
    fn take(&self, offered: &str) -> bool {
        let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        let good = *token == Some(digest(offered));
        if good {
            *token = None;
        }
        good
    }

    fn welcome(&self) -> Entry {
        let cookie = format!("{}={}; HttpOnly; SameSite=Strict; Path=/", self.cookie, self.pass);
        HeaderValue::try_from(cookie).map_or(Entry::Refused("no cookie"), |cookie| Entry::Welcome { cookie })
    }
}

/// The value of a header that is there once.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let only = values.next()?;
    if values.next().is_some() { None } else { only.to_str().ok() }
}

fn offered(uri: &Uri) -> Option<&str> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("token="))
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORT: u16 = 4711;

    fn door() -> Door {
        Door::new(PORT, "the-token", "the-pass".to_owned())
    }

    fn asked(door: &Door, method: &Method, path: &str, headers: &[(HeaderName, &str)]) -> Entry {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, HeaderValue::from_str(value).unwrap());
        }
        door.admit(method, &path.parse().unwrap(), &map)
    }

    fn is_refused(entry: &Entry) -> bool {
        matches!(entry, Entry::Refused(_))
    }

    const HOST: (HeaderName, &str) = (header::HOST, "127.0.0.1:4711");
    const OWN: (HeaderName, &str) = (header::ORIGIN, "http://127.0.0.1:4711");
    const PASS: (HeaderName, &str) = (header::COOKIE, "a=b; maintenance-flows-4711=the-pass");

    #[test]
    fn the_token_is_good_once() {
        let door = door();
        assert!(is_refused(&asked(&door, &Method::GET, "/?token=guess", &[HOST])));
        let Entry::Welcome { cookie } = asked(&door, &Method::GET, "/?token=the-token", &[HOST]) else {
            panic!("a good token opens");
        };
        let cookie = cookie.to_str().unwrap();
        assert_eq!(cookie, "maintenance-flows-4711=the-pass; HttpOnly; SameSite=Strict; Path=/");
        assert!(is_refused(&asked(&door, &Method::GET, "/?token=the-token", &[HOST])));
        assert_eq!(asked(&door, &Method::GET, "/", &[HOST, PASS]), Entry::Admitted);
    }

    #[test]
    fn without_the_cookie_nothing_is_answered() {
        for path in ["/", "/events", "/mf-ui.js", "/flows"] {
            assert!(is_refused(&asked(&door(), &Method::GET, path, &[HOST])), "{path}");
        }
        assert!(is_refused(&asked(&door(), &Method::POST, "/rpc", &[HOST, OWN])));
        let other = (header::COOKIE, "maintenance-flows-4711=the-pas");
        assert!(is_refused(&asked(&door(), &Method::GET, "/", &[HOST, other])));
    }

    #[test]
    fn a_foreign_name_is_refused_even_with_the_cookie() {
        for name in ["evil.example:4711", "127.0.0.1:80", "127.0.0.1", "localhost:4711"] {
            assert!(is_refused(&asked(&door(), &Method::GET, "/", &[(header::HOST, name), PASS])), "{name}");
        }
        assert!(is_refused(&asked(&door(), &Method::GET, "/", &[PASS])));
        assert!(is_refused(&asked(&door(), &Method::GET, "/", &[HOST, HOST, PASS])));
    }

    #[test]
    fn another_origin_is_refused_even_with_the_cookie() {
        for origin in ["http://evil.example", "http://127.0.0.1:80", "null", "https://127.0.0.1:4711"] {
            let headers = [HOST, PASS, (header::ORIGIN, origin)];
            assert!(is_refused(&asked(&door(), &Method::POST, "/rpc", &headers)), "{origin}");
            assert!(is_refused(&asked(&door(), &Method::GET, "/events", &headers)), "{origin}");
        }
        assert_eq!(asked(&door(), &Method::POST, "/rpc", &[HOST, PASS, OWN]), Entry::Admitted);
        // Without one, only readings.
        assert!(is_refused(&asked(&door(), &Method::POST, "/rpc", &[HOST, PASS])));
        assert_eq!(asked(&door(), &Method::GET, "/events", &[HOST, PASS]), Entry::Admitted);
    }
}
