//! What Postgres keeps of a password. Made here, so that the password itself is sent to nobody.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

const ROUNDS: u32 = 4096;

/// The verifier of a password (RFC 5803), as `CREATE ROLE … PASSWORD` takes it. `password` is ASCII, so that nothing is left
/// for SASLprep to do; `salt` is random.
#[must_use]
pub fn verifier(password: &str, salt: [u8; 16]) -> String {
    let salted = stretched(password.as_bytes(), &salt);
    let stored = Sha256::digest(keyed(&salted, b"Client Key"));
    let server = keyed(&salted, b"Server Key");
    format!(
        "SCRAM-SHA-256${ROUNDS}:{}${}:{}",
        STANDARD.encode(salt),
        STANDARD.encode(stored),
        STANDARD.encode(server)
    )
}

/// PBKDF2 with HMAC-SHA-256, one block.
fn stretched(password: &[u8], salt: &[u8]) -> [u8; 32] {
    let mut block = keyed(password, &[salt, &1_u32.to_be_bytes()].concat());
    let mut sum = block;
    for _ in 1..ROUNDS {
        block = keyed(password, &block);
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
