//! What Postgres keeps of a password. Made here, so that the password itself is sent to nobody.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

const ROUNDS: u32 = 4096;

/// The verifier of a password (RFC 5803), as `CREATE ROLE … PASSWORD` takes it. `password` is ASCII, so that nothing is left
/// for SASLprep to do; `salt` is random.
#[must_use]
pub fn verifier(password: &str, salt: [u8; 16]) -> String {
    let salted = stretched(password.as_bytes(), &salt, ROUNDS);
    let stored = Sha256::digest(keyed(&salted, b"Client Key"));
    let server = keyed(&salted, b"Server Key");
    format!(
        "SCRAM-SHA-256${ROUNDS}:{}${}:{}",
        STANDARD.encode(salt),
        STANDARD.encode(stored),
        STANDARD.encode(server)
    )
}

/// How often a passphrase is stretched: what OWASP advises for PBKDF2 with HMAC-SHA-256.
const STRETCHED: u32 = 600_000;

/// The password that follows from a passphrase, for a login. Takes a noticeable part of a second, on purpose.
#[must_use]
pub fn from_passphrase(passphrase: &str, login: &str) -> String {
    URL_SAFE_NO_PAD.encode(stretched(passphrase.as_bytes(), login.as_bytes(), STRETCHED))
}

/// A password out of 32 random bytes.
#[must_use]
pub fn from_random(random: [u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(random)
}

/// PBKDF2 with HMAC-SHA-256, one block.
fn stretched(password: &[u8], salt: &[u8], rounds: u32) -> [u8; 32] {
    // The key once: what is left of a round is two compressions.
    let Ok(key) = Hmac::<Sha256>::new_from_slice(password) else { return [0; 32] };
    let keyed =
        |message: &[u8]| -> [u8; 32] { key.clone().chain_update(message).finalize().into_bytes().into() };
    let mut block = keyed(&[salt, &1_u32.to_be_bytes()].concat());
    let mut sum = block;
    for _ in 1..rounds {
        block = keyed(&block);
        for (sum, byte) in sum.iter_mut().zip(block) {
            *sum ^= byte;
        }
    }
    sum
}

fn keyed(key: &[u8], message: &[u8]) -> [u8; 32] {
    // RFC 2104 by hand where the crate could refuse a key: it takes every length, and says so only in prose.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_a_passphrase_is_its_own_for_every_login() {
        // PBKDF2-HMAC-SHA256("passwd", "salt", 1), RFC 7914.
        let first = stretched(b"passwd", b"salt", 1);
        assert_eq!(first[..8], [0x55, 0xac, 0x04, 0x6e, 0x56, 0xe3, 0x08, 0x9f]);
        let here = from_passphrase("correct horse battery", "mf_d_1");
        assert_eq!(here, from_passphrase("correct horse battery", "mf_d_1"));
        assert_ne!(here, from_passphrase("correct horse battery", "mf_d_2"));
        assert!(here.is_ascii() && here.len() == 43);
    }

    #[test]
    fn a_published_example_comes_out() {
        // RFC 7677: user "user", password "pencil", this salt, 4096 rounds.
        let salt: [u8; 16] = STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap().try_into().unwrap();
        assert_eq!(
            verifier("pencil", salt),
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:\
             wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
        );
    }
}
