//! Files as spreadsheets and the products write them, and what is wrong with them.

use super::*;
use crate::targets::{TARGETS_MAX, validate};
use proptest::prelude::*;

fn read(csv: &str) -> Preview {
    preview(csv, None, None, &[]).unwrap()
}

fn refused(csv: &str) -> String {
    let invalid = preview(csv, None, None, &[]).unwrap_err();
    assert_eq!(invalid.field, "csv");
    invalid.message
}

fn told(preview: &Preview) -> Vec<(u32, &str, Verdict, &str)> {
    preview
        .rows
        .iter()
        .map(|row| (row.line, row.label.as_str(), row.verdict, row.reason.as_deref().unwrap_or_default()))
        .collect()
}

fn target(label: &str, notes: Option<&str>) -> Target {
    Target { label: label.to_owned(), notes: notes.map(str::to_owned), ..Target::default() }
}

#[test]
fn what_excel_writes_is_read() {
    let csv = "\u{feff}Name;Notes;Client\r\nRDS-01;\"10.0.0.1; core\";Contoso\r\n\r\nRDS-02;\"two\r\nlines \"\"x\"\"\";\r\n";
    let found = read(csv);
    assert_eq!((found.delimiter.as_str(), found.problems.len(), found.preset), (";", 0, None));
    assert_eq!(found.columns, ["Name", "Notes", "Client"]);
    assert_eq!(
        told(&found),
        [(2, "RDS-01", Verdict::Create, ""), (4, "RDS-02", Verdict::Create, "")],
        "lines are those of the file"
    );
    assert_eq!(found.targets[0].notes.as_deref(), Some("10.0.0.1; core"));
    assert_eq!(found.targets[0].client.as_deref(), Some("Contoso"));
    assert_eq!(found.targets[1], target("RDS-02", Some("two lines \"x\"")));
    assert_eq!(found.rejected_csv, None);
}

#[test]
fn any_usual_delimiter_and_line_end_is_found() {
    for (csv, delimiter) in [
        ("name,notes\na,1,\n", ","),
        ("name\tnotes\r\na\t1\r\n", "\t"),
        ("name|notes\ra|1\r", "|"),
        ("sep=;\r\nname;no,tes\r\na;1\r\n", ";"),
        ("\"na;me\",notes\na,1\n", ","),
        ("name\na\n", ","),
    ] {
        let found = read(csv);
        assert_eq!(found.delimiter, delimiter, "{csv:?}");
        assert_eq!(found.targets.len(), 1, "{csv:?}");
    }
    assert_eq!(told(&read("sep=;\nname\n\n\na\n"))[0].0, 5);
}

#[test]
fn a_row_that_cannot_be_a_target_says_why() {
    let long = "x".repeat(300);
    let csv = format!(
        "name,notes,client\nRDS-01,,\n,no name,\n{long},,\nrds-01,,\nRDS-02,{long}{long},\nRDS-03,=1+1,\n\
         =cmd|' /C calc'!A0,,\nRDS-04,,,surplus\n\"RDS\n05\",,\nRDS\u{202e}06,,\nRDS\u{fffd}07,,\n"
    );
    let found = read(&csv);
    let reasons: Vec<_> =
        told(&found).iter().map(|(line, _, verdict, why)| (*line, *verdict, (*why).to_owned())).collect();
    let rejected = |line, why: &str| (line, Verdict::Rejected, why.to_owned());
    assert_eq!(
        reasons,
        [
            (2, Verdict::Create, String::new()),
            rejected(3, "the name must not be empty"),
            rejected(4, "the name has 300 characters; at most 255 are allowed"),
            rejected(5, "rds-01 is already on line 2"),
            rejected(6, "the notes have 600 characters; at most 500 are allowed"),
            rejected(7, "the notes would be run as a formula by a spreadsheet: =1+1"),
            rejected(8, "the name would be run as a formula by a spreadsheet: =cmd|' /C calc'!A0"),
            rejected(9, "has 4 cells; the header has 3"),
            (10, Verdict::Create, String::new()),
            rejected(12, "the name must not contain invisible characters or changes of writing direction"),
            rejected(13, "the name has characters that could not be read"),
        ]
    );
    assert_eq!(found.counts, Counts { create: 2, update: 0, skip: 0, rejected: 9 });
    assert_eq!(found.targets.iter().map(|t| t.label.as_str()).collect::<Vec<_>>(), ["RDS-01", "RDS 05"]);
    assert_eq!(found.problems.len(), 1, "{:?}", found.problems);
    assert!(found.problems[0].starts_with("Line 13: characters could not be read"));
}

#[test]
fn rejected_rows_come_as_a_file_that_can_be_mended_and_read_again() {
    let csv = "name;notes\n;a\nRDS-01;=1+1\nRDS-02;ok\n";
    let file = read(csv).rejected_csv.unwrap();
    let expected = "\u{feff}Line;Reason;name;notes\n2;the name must not be empty;;a\n\
                    3;the notes would be run as a formula by a spreadsheet: =1+1;RDS-01;'=1+1\n";
    assert_eq!(file, expected);
    let again = read(&file.replace(";;a", ";RDS-09;a"));
    assert_eq!(again.counts.create, 2);
    assert_eq!(again.mapping.label, "name");
}

#[test]
fn numbers_and_wrapped_cells_are_no_formulas() {
    let found = read("name,notes\n\"=\"\"00123\"\"\",+49 30 1234\n-5,-5 C\n@home,@ops\n");
    assert_eq!(found.counts.create, 3, "{:?}", told(&found));
    assert_eq!(found.targets[0], target("00123", Some("+49 30 1234")));
}

#[test]
fn a_file_that_cannot_be_read_says_how_to_get_one_that_can() {
    assert!(refused("").contains("no header"));
    assert!(refused("\u{feff}\r\n\r\n").contains("no header"));
    assert!(refused("n\0a\0m\0e\0").contains("UTF-16"));
    assert!(refused("name,notes\na,\"b\nc,d\ne,f\n").starts_with("line 2: a quotation mark"));
    assert!(refused("sep=,\nname\n\"a").starts_with("line 3: "));
    assert!(refused(&"x".repeat(CSV_MAX + 1)).contains("bytes"));
    assert!(refused(&format!("name\n{}", "a\n".repeat(20_001))).contains("20000 rows"));
    assert_eq!(read("name,notes\n").problems, ["There is a header, but no row below it."]);
}

#[test]
fn columns_are_never_nameless_and_never_alike() {
    let found = read("Name,,Note , Note,,\na,1,2,3,,\n");
    assert_eq!(found.columns, ["Name", "Column 2", "Note", "Note (2)"]);
    let first = read("Kiste,Ort\na,b\n");
    assert_eq!((first.mapping.label.as_str(), first.problems.len()), ("Kiste", 1));
}

#[test]
fn a_mapping_is_taken_as_it_is_given() {
    let csv = "A,B,C\nx,1,2\n";
    let mapping = |json: serde_json::Value| -> Mapping { serde_json::from_value(json).unwrap() };
    let chosen = mapping(serde_json::json!({"label": "B", "notes": "A", "variables": {"ip": "C"}}));
    let found = preview(csv, Some(&chosen), None, &[]).unwrap();
    assert_eq!(found.mapping, chosen);
    assert_eq!(found.targets[0].variables["ip"], "2");
    assert_eq!(found.targets[0].label, "1");
    for (json, field) in [
        (serde_json::json!({"label": "Z"}), "mapping.label"),
        (serde_json::json!({"label": "A", "site": "b"}), "mapping.site"),
        (serde_json::json!({"label": "A", "variables": {"ip": "Z"}}), "mapping.variables.ip"),
        (serde_json::json!({"label": "A", "variables": {"label": "B"}}), "mapping.variables.label"),
        (serde_json::json!({"label": "A", "variables": {"B-1": "B"}}), "mapping.variables.B-1"),
    ] {
        assert_eq!(preview(csv, Some(&mapping(json)), None, &[]).unwrap_err().field, field);
    }
    assert_eq!(preview(csv, None, Some(Preset::KaseyaVsa), &[]).unwrap_err().field, "preset");
}

#[test]
fn a_list_keeps_its_order_and_what_the_file_does_not_say() {
    let mut first = target("RDS-01", Some("old"));
    first.site = Some("Rome".into());
    first.variables.insert("os".into(), "2019".into());
    let existing = [first.clone(), target("RDS-02", None), target("RDS-03", Some("x"))];
    let csv = "name,notes,client\nRDS-04,,\nrds-01,new,Contoso\nRDS-02,,\n";
    let found = preview(csv, None, None, &existing).unwrap();
    assert_eq!(
        told(&found),
        [
            (2, "RDS-04", Verdict::Create, ""),
            (3, "rds-01", Verdict::Update, "changes notes, client"),
            (4, "RDS-02", Verdict::Skip, "the list says the same"),
        ]
    );
    let updated = Target { notes: Some("new".into()), client: Some("Contoso".into()), ..first };
    assert_eq!(
        found.targets,
        [updated, target("RDS-02", None), target("RDS-03", Some("x")), target("RDS-04", None)]
    );
}

#[test]
fn exports_of_the_known_products_are_told_and_mapped() {
    let cases = [
        (
            "Display Name,System Name,Organization,Location,Device Role,IP Address,OS Name\nDC01,DC01,Contoso,Rome,Server,10.0.0.5,Windows Server 2022\n",
            Preset::NinjaOne,
        ),
        (
            "\"Hostname\",\"Description\",\"Site\",\"Int IP Address\",\"Ext IP Address\",\"Operating System\"\nDC01,AD,Contoso,10.0.0.5,203.0.113.1,Windows Server 2022\n",
            Preset::DattoRmm,
        ),
        (
            "Computer Name,Client Name,Location Name,Local Address,OS\nDC01,Contoso,Rome,10.0.0.5,Windows Server 2022\n",
            Preset::ConnectWiseAutomate,
        ),
        (
            "Configuration Name,Configuration Type,Company,Site,IP Address,OS Type,Tag Number\nDC01,Server,Contoso,Rome,10.0.0.5,Windows Server 2022,77\n",
            Preset::ConnectWisePsa,
        ),
        (
            "Machine ID,Group ID,Org Name,IP Address,Operating System\nDC01,rome.contoso,Contoso,10.0.0.5,Windows Server 2022\n",
            Preset::KaseyaVsa,
        ),
        (
            "inventory_number,assettype_name,client_name,site_name,ip address,OS\nDC01,Server,Contoso,Rome,10.0.0.5,Windows Server 2022\n",
            Preset::HaloPsa,
        ),
    ];
    for (csv, preset) in cases {
        let found = read(csv);
        assert_eq!(found.preset, Some(preset), "{csv}");
        let target = &found.targets[0];
        assert_eq!((target.label.as_str(), target.client.as_deref()), ("DC01", Some("Contoso")), "{csv}");
        assert_eq!(target.variables["ip"], "10.0.0.5", "{csv}");
        assert_eq!(target.variables["os"], "Windows Server 2022", "{csv}");
        assert_eq!(preview(csv, None, Some(preset), &[]).unwrap(), found);
    }
}

#[test]
fn a_header_that_differs_in_writing_is_still_told_and_mapped() {
    let mapped = |header: &str| {
        let found = read(&format!("{header}\nDC01,Contoso,Rome,10.0.0.5\n"));
        let target = found.targets[0].clone();
        assert_eq!((target.label.as_str(), target.client.as_deref()), ("DC01", Some("Contoso")), "{header}");
        assert_eq!(target.site.as_deref(), Some("Rome"), "{header}");
        assert_eq!(target.variables["ip"], "10.0.0.5", "{header}");
        assert_eq!(found.problems, Vec::<String>::new(), "{header}");
        found.preset
    };
    for header in [
        "Display Name,Organization,Location,IP Address",
        "displayName,organizationName,locationName,ipAddress",
        "DISPLAY_NAME,Organization Name,location,IP-Addresses",
        "System Name,Company,Site,IP",
    ] {
        // The last one has one name of the product and none it usually has beside: mapped, but not told.
        let told = (!header.contains("Company")).then_some(Preset::NinjaOne);
        assert_eq!(mapped(header), told, "{header}");
    }
    for header in [
        "Device Name,Client,Site,IP Address",
        "hostname,customer,location,ip_address",
        "Host-Name,Company Name,Site Name,IPv4 Address",
        " system  name ,organisation,Branch,ip",
        "ComputerName,ClientName,LocationName,IPAddress",
        "Asset Tag,Client Name,Site Name,Internal IP Address",
    ] {
        assert_eq!(mapped(header), None, "{header}");
    }
    assert_eq!(mapped("machine_id,OrgName,Location,IP"), Some(Preset::KaseyaVsa));
    assert_eq!(mapped("INVENTORYNUMBER,Client Name,site_name,ip"), Some(Preset::HaloPsa));
    assert_eq!(mapped("config_name,Company,Site,Ip Address"), Some(Preset::ConnectWisePsa));
    assert_eq!(
        mapped("COMPUTER NAME,client_name,LocationName,LocalAddress"),
        Some(Preset::ConnectWiseAutomate)
    );
    // Who says "client" is believed; a site is the customer only where nothing else is.
    assert_eq!(mapped("hostname,Client,Site,int_ip_address"), Some(Preset::DattoRmm));
}

#[test]
fn a_preset_that_is_chosen_takes_the_names_any_table_may_have() {
    for preset in Preset::ALL {
        let csv = "System_Name,Company,Location,IP Address,Remarks\nDC01,Contoso,Rome,10.0.0.5,core\n";
        let found = preview(csv, None, Some(preset), &[]).unwrap();
        let target = &found.targets[0];
        let place = (target.client.as_deref(), target.site.as_deref());
        assert_eq!((target.label.as_str(), place), ("DC01", (Some("Contoso"), Some("Rome"))), "{preset:?}");
        assert_eq!(target.notes.as_deref(), Some("core"), "{preset:?}");
        assert_eq!(target.variables["ip"], "10.0.0.5", "{preset:?}");
    }
}

#[test]
fn a_header_nobody_knows_is_told_as_such_and_mapped_by_hand() {
    let csv = "Kiste,Wem,Wo\nDC01,Contoso,Rome\n";
    let found = read(csv);
    assert_eq!((found.preset, found.mapping.label.as_str()), (None, "Kiste"));
    assert_eq!((found.mapping.client, found.problems.len()), (None, 1));
    let by_hand = Mapping {
        label: "Kiste".into(),
        client: Some("Wem".into()),
        site: Some("Wo".into()),
        ..Mapping::default()
    };
    let found = preview(csv, Some(&by_hand), None, &[]).unwrap();
    assert_eq!((found.targets[0].client.as_deref(), found.problems.len()), (Some("Contoso"), 0));
    // A table somebody made, with names that products use as well, is nobody's export.
    let own = read("Hostname,Site\nDC01,Rome\n");
    assert_eq!((own.preset, own.mapping.site.as_deref()), (None, Some("Site")));
}

#[test]
fn five_thousand_rows_and_the_limit_of_a_list() {
    let rows: String = (0..5_000).map(|n| format!("RDS-{n},10.0.0.{n}\n")).collect();
    assert_eq!(read(&format!("name,notes\n{rows}")).counts.create, 5_000);
    let many: String = (0..=TARGETS_MAX).map(|n| format!("T{n}\n")).collect();
    let found = read(&format!("name\n{many}"));
    assert_eq!((found.targets.len(), found.counts.rejected), (TARGETS_MAX, 1));
    assert!(found.rows[TARGETS_MAX].reason.as_deref().unwrap().contains("at most"));
}

proptest! {
    /// Whatever a file holds: it is refused, or every row has a verdict and the result is a list.
    #[test]
    fn any_text_is_read_or_refused(csv in "([a-c\"=;,\\n\\r\u{fffd}\\t]|name|notes|client){0,60}") {
        let existing = [target("a", None), target("b", Some("x"))];
        if let Ok(found) = preview(&csv, None, None, &existing) {
            let counts = found.counts;
            prop_assert_eq!(found.rows.len() as u32, counts.create + counts.update + counts.skip + counts.rejected);
            prop_assert_eq!(found.targets.len() as u32, 2 + counts.create);
            prop_assert_eq!(validate(&found.targets).unwrap(), found.targets.clone());
            prop_assert_eq!(found.rejected_csv.is_some(), counts.rejected > 0);
            // The same file once more changes nothing.
            let again = preview(&csv, None, None, &found.targets).unwrap();
            prop_assert_eq!((again.counts.create, again.counts.update), (0, 0));
            prop_assert_eq!(again.targets, found.targets);
        }
    }

    /// Cells come out as they were put in, however they have to be quoted.
    #[test]
    fn cells_survive_the_file(notes in prop::collection::vec("[a-z;,\" ]{0,12}", 1..6)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["name", "notes"]).unwrap();
        for (n, text) in notes.iter().enumerate() {
            writer.write_record([format!("T{n}"), text.clone()]).unwrap();
        }
        let file = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let found = read(&file);
        for (target, text) in found.targets.iter().zip(&notes) {
            prop_assert_eq!(target.notes.as_deref().unwrap_or_default(), text.trim());
        }
    }
}
