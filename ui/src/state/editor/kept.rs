//! A draft as texts by name, to be kept on this machine until it is saved.

use super::draft::Draft;
use mf_domain::flow::{FlowType, Structure};
use mf_domain::intake::IntakeForm;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A draft as it is kept on this machine: texts by name.
pub type Kept = BTreeMap<String, String>;

/// The draft to keep, with the revision it was made on (0 for a new flow).
#[must_use]
pub fn kept(draft: &Draft, revision: u32) -> Kept {
    let mut kept = Kept::new();
    let mut keep = |name: &str, text: String| drop(kept.insert(name.to_owned(), text));
    keep("revision", revision.to_string());
    keep("name", draft.name.clone());
    keep("description", draft.description.clone());
    keep("type", draft.flow_type.as_str().to_owned());
    keep("structure", draft.structure().to_json());
    keep("intake", serde_json::to_string(&draft.form()).unwrap_or_default());
    for (index, step) in draft.steps.iter().enumerate() {
        kept.insert(format!("estimate.{index}"), step.estimate.clone());
    }
    for (index, field) in draft.fields.iter().enumerate() {
        kept.insert(format!("options.{index}"), field.options.clone());
    }
    kept
}

/// The draft that was kept, and the revision it was made on; `None` for what cannot be read.
#[must_use]
pub fn recalled(kept: &Kept) -> Option<(Draft, u32)> {
    let structure = Structure::from_json(kept.get("structure")?).ok()?;
    let form: IntakeForm = serde_json::from_str(kept.get("intake")?).ok()?;
    let flow_type = FlowType::parse(kept.get("type")?)?;
    let mut draft =
        Draft::from_parts(kept.get("name")?, kept.get("description")?, flow_type, &structure, &form);
    for (index, step) in draft.steps.iter_mut().enumerate() {
        if let Some(estimate) = kept.get(&format!("estimate.{index}")) {
            estimate.clone_into(&mut Rc::make_mut(step).estimate);
        }
    }
    for (index, field) in draft.fields.iter_mut().enumerate() {
        if let Some(options) = kept.get(&format!("options.{index}")) {
            options.clone_into(&mut Rc::make_mut(field).options);
        }
    }
    Some((draft, kept.get("revision")?.parse().ok()?))
}
