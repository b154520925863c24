//! Samples about importing targets.

use super::*;
use mf_contract::Done;
use mf_contract::target_imports::*;
use mf_domain::target_import::{Counts, Mapping, Preset, Preview, Row, Verdict};
use mf_domain::targets::Target;
use std::collections::BTreeMap;

pub(crate) fn samples() -> Vec<Sample> {
    let csv = || "Hostname;Site\nRDS-01;Contoso\n;x\n".to_owned();
    let mapping = || Mapping {
        label: "Hostname".to_owned(),
        notes: None,
        client: Some("Site".to_owned()),
        site: None,
        variables: BTreeMap::from([("ip".to_owned(), "Int IP Address".to_owned())]),
    };
    let row = |line, label: &str, verdict, reason: Option<&str>| Row {
        line,
        label: label.to_owned(),
        verdict,
        reason: reason.map(str::to_owned),
    };
    let counts = Counts { create: 1, update: 1, skip: 1, rejected: 1 };
    let rejected = || Some("\u{feff}Line;Reason;Hostname;Site\n3;the name must not be empty;;x\n".to_owned());
    let found = Preview {
        delimiter: ";".to_owned(),
        problems: vec!["There is a header, but no row below it.".to_owned()],
        columns: vec!["Hostname".to_owned(), "Site".to_owned()],
        preset: Some(Preset::DattoRmm),
        mapping: mapping(),
        rows: vec![
            row(2, "RDS-01", Verdict::Create, None),
            row(3, "", Verdict::Rejected, Some("the name must not be empty")),
            row(4, "RDS-02", Verdict::Update, Some("changes notes")),
            row(5, "RDS-03", Verdict::Skip, Some("the list says the same")),
        ],
        counts,
        targets: vec![Target { label: "RDS-01".to_owned(), ..Target::default() }],
        rejected_csv: rejected(),
    };
    let preview = PreviewTargetImport {
        csv: csv(),
        mapping: Some(mapping()),
        preset: Some(Preset::ConnectWiseAutomate),
        target_list_id: Some(id(3)),
    };
    let bare = PreviewTargetImport { csv: csv(), mapping: None, preset: None, target_list_id: None };
    let import = ImportTargets {
        csv: csv(),
        mapping: Some(mapping()),
        preset: Some(Preset::NinjaOne),
        target_list_id: None,
        name: Some("RDS farm".to_owned()),
        client: Some("Contoso".to_owned()),
        site: Some("Rome".to_owned()),
    };
    let done = TargetImport {
        import_id: id(14),
        target_list_id: id(3),
        name: "RDS farm".to_owned(),
        target_count: 3,
        imported_at: at(1),
        counts,
        rejected_csv: rejected(),
    };
    vec![
        sample(&preview, &found),
        sample(&bare, &Preview { preset: None, rejected_csv: None, ..found.clone() }),
        sample(&import, &done),
        sample(&UndoTargetImport { import_id: id(14) }, &Done {}),
    ]
}
