//! Samples about drafts.

use super::*;
use mf_contract::Done;
use mf_contract::drafts::*;

pub(crate) fn samples() -> Vec<Sample> {
    let key = || "flow/1".to_owned();
    let content = || "{\"name\":\"Patch\"}".to_owned();
    let summary = || DraftSummary { key: key(), bytes: 16, updated_at: at(1) };
    vec![
        sample(&PutDraft { key: key(), content: content() }, &summary()),
        sample(&GetDraft { key: key() }, &Some(Draft { key: key(), content: content(), updated_at: at(1) })),
        sample(&GetDraft { key: key() }, &None),
        sample(&ListDrafts {}, &vec![summary()]),
        sample(&DeleteDraft { key: key() }, &Done {}),
    ]
}
