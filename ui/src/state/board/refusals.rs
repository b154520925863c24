//! The targets that did not take what was asked of many, by reason.

use crate::api;
use mf_contract::sessions::RefusedSession;
use mf_domain::ids::SessionId;

/// One reason and whom it holds for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub why: String,
    /// The step needs evidence first, which the session's own page takes.
    pub needs_evidence: bool,
    pub sessions: Vec<SessionId>,
}

/// The refusals by reason, in the order they came.
#[must_use]
pub fn by_reason(refused: &[RefusedSession]) -> Vec<Refusal> {
    let mut reasons: Vec<Refusal> = Vec::new();
    for one in refused {
        let why = api::sentence(&one.error);
        match reasons.iter_mut().find(|reason| reason.why == why) {
            Some(reason) => reason.sessions.push(one.session_id),
            None => reasons.push(Refusal {
                why,
                needs_evidence: one.error.field.as_deref() == Some("evidence"),
                sessions: vec![one.session_id],
            }),
        }
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;
    use mf_contract::{ApiError, ErrorCode};
    use uuid::Uuid;

    #[test]
    fn one_reason_is_said_once() {
        let refused = |n: u128, text: &str, field: &str| RefusedSession {
            session_id: SessionId(Uuid::from_u128(n)),
            error: ApiError::new(ErrorCode::Validation, text).on(field),
        };
        let evidence = "the step \"Snapshot\" needs evidence before it is done";
        let reasons = by_reason(&[
            refused(1, evidence, "evidence"),
            refused(2, "the session is completed: reopen it first", "session_id"),
            refused(3, evidence, "evidence"),
        ]);
        assert_eq!(reasons.len(), 2);
        assert_eq!((reasons[0].sessions.len(), reasons[0].needs_evidence), (2, true));
        assert!(!reasons[1].needs_evidence);
    }
}
