//! Markdown of any kind, read as each type of flow. What is imported can be saved, and survives its own export.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mf_domain::flow::FlowType;
use mf_domain::flow::markdown::{Imported, export, import};
use mf_domain::text;

fuzz_target!(|document: &str| {
    for flow_type in [FlowType::Maintenance, FlowType::Troubleshooting] {
        if let Ok(imported) = import(document, flow_type) {
            kept(&imported, flow_type);
        }
    }
});

fn kept(imported: &Imported, flow_type: FlowType) {
    let Imported { name, description, structure, intake_form } = imported;
    structure.validate(flow_type).expect("what was imported is valid");
    intake_form.validate().expect("what was imported is valid");
    text::body("description", description, text::LONG_TEXT_MAX).expect("what was imported is valid");
    // A name that deceives is refused where the flow is saved, by its field.
    if text::name("name", name).is_ok_and(|kept| kept == *name) {
        let written = export(name, description, structure, intake_form, flow_type);
        let again = import(&written, flow_type).unwrap_or_else(|refused| panic!("{refused}\n{written}"));
        assert_eq!(again, *imported, "{written}");
    }
}
