//! The search of the command palette: over all kinds, the best first.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::pages;
use mf_contract::Handle;
use mf_contract::search::*;
use mf_domain::Invalid;
use mf_domain::flow::FlowType;
use mf_domain::occurrence::folded;
use mf_store::batches::ListedBatch;
use mf_store::search as table;
use mf_store::search::{FoundFlow, FoundList};
use mf_store::sessions::ListedSession;

/// Longest text, in characters.
const TEXT_MAX: usize = 200;

/// How well a name fits; less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Whole,
    Beginning,
    Word,
    Within,
    /// It is something else about it that has the text.
    Beside,
}

fn fit(wanted: &str, name: &str) -> Fit {
    let name = folded(name);
    let begins_word = |at: usize| !name[..at].chars().next_back().is_some_and(char::is_alphanumeric);
    match name.find(wanted) {
        None => Fit::Beside,
        Some(_) if name == wanted => Fit::Whole,
        Some(0) => Fit::Beginning,
        Some(_) if name.match_indices(wanted).any(|(at, _)| begins_word(at)) => Fit::Word,
        Some(_) => Fit::Within,
    }
}

fn of_flow(flow: FoundFlow) -> SearchHit {
    let (words, route) = match flow.flow_type {
        FlowType::Maintenance => ("Maintenance flow", format!("/flows/{}/maintenance", flow.id)),
        FlowType::Procedural => ("Project", format!("/flows/{}/navigate", flow.id)),
        FlowType::Troubleshooting => ("Troubleshooting flow", format!("/trees/{}/navigate", flow.id)),
    };
    SearchHit {
        kind: SearchKind::Flow,
        id: flow.id.to_string(),
        title: flow.name,
        subtitle: words.to_owned(),
        route,
        at: None,
    }
}

fn of_list(list: FoundList) -> SearchHit {
    SearchHit {
        kind: SearchKind::TargetList,
        id: list.id.to_string(),
        title: list.name,
        subtitle: list.client.unwrap_or_default(),
        route: "/account/target-lists".to_owned(),
        at: None,
    }
}

fn of_batch(listed: ListedBatch) -> SearchHit {
    SearchHit {
        kind: SearchKind::Batch,
        id: listed.batch.id.to_string(),
        title: listed.flow_name,
        subtitle: listed.rollup.words(),
        route: format!("/batches/{}", listed.batch.id),
        at: Some(listed.batch.launched_at),
    }
}

fn of_session(listed: ListedSession) -> SearchHit {
    let client = listed.session.target_client.map(|client| format!(" · {client}")).unwrap_or_default();
    SearchHit {
        kind: SearchKind::Session,
        id: listed.session.id.to_string(),
        title: listed.session.target_label,
        subtitle: format!("{}{client}", listed.flow_name),
        route: format!("/sessions/{}", listed.session.id),
        at: Some(listed.session.created_at),
    }
}

impl Handle<Search> for Engine {
    async fn handle(&self, request: Search) -> Result<Vec<SearchHit>, EngineError> {
        let limit = pages::size(request.limit, 20, 100)?;
        let count = request.text.chars().count();
        if count > TEXT_MAX {
            let message = format!("has {count} characters; at most {TEXT_MAX} are allowed");
            return Err(Invalid::new("text", message).into());
        }
        let text = request.text.trim();
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let mut reader = self.read().await?;
        let mut hits: Vec<SearchHit> = Vec::new();
        hits.extend(table::flows(&mut reader, text, limit).await?.into_iter().map(of_flow));
        hits.extend(table::target_lists(&mut reader, text).await?.into_iter().map(of_list));
        hits.extend(table::batches(&mut reader, text, limit).await?.into_iter().map(of_batch));
        hits.extend(table::sessions(&mut reader, text, limit).await?.into_iter().map(of_session));
        // Stable: within a kind and a fit, as the tables gave them.
        let wanted = folded(text);
        hits.sort_by_cached_key(|hit| (fit(&wanted, &hit.title), hit.kind));
        hits.truncate(limit as usize);
        Ok(hits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_name_fits_better_than_its_middle() {
        assert_eq!(fit("rds", "RDS"), Fit::Whole);
        assert_eq!(fit("rds", "RDS-01"), Fit::Beginning);
        assert_eq!(fit("rds", "Old RDS-01"), Fit::Word);
        assert_eq!(fit("rds", "xrds rds"), Fit::Word);
        assert_eq!(fit("rds", "standards"), Fit::Within);
        assert_eq!(fit("rds", "Contoso"), Fit::Beside);
        assert_eq!(fit("größe", "GRÖSSE und Größe"), Fit::Word);
    }
}
