//! What each row would do to a list.

use super::presets::{Found, general};
use super::table::{self, Record, Table};
use super::{Counts, Mapping, Preset, Preview, Row, Verdict};
use crate::Invalid;
use crate::occurrence::folded;
use crate::targets::{TARGETS_MAX, Target};
use std::collections::HashMap;

/// Says what importing `csv` into a list with the targets `existing` would do. `chosen` is the mapping a person made; else
/// the one of `preset`, else of the product the header tells, else what its names suggest.
///
/// # Errors
/// Names `csv` when the file cannot be read, `preset` when it does not fit the file, `mapping.…` for a column the file
/// does not have or a variable key that cannot be one. What is wrong with a single row is its verdict.
pub fn preview(
    csv: &str,
    chosen: Option<&Mapping>,
    preset: Option<Preset>,
    existing: &[Target],
) -> Result<Preview, Invalid> {
    let Table { delimiter, columns, records, mut problems } = table::read(csv)?;
    let told = preset.or_else(|| Preset::of(&columns));
    let mapping = match (chosen, preset, told) {
        (Some(chosen), ..) => chosen.clone(),
        (None, Some(preset), _) => preset.mapping(&columns).ok_or_else(|| {
            let message =
                format!("no column of this file has a name that {} uses for devices", preset.name());
            Invalid::new("preset", message)
        })?,
        (None, None, Some(told)) => told.mapping(&columns).unwrap_or_default(),
        (None, None, None) => {
            let (mapping, found) = general(&columns);
            if found == Found::First {
                problems.push(format!(
                    "No column says that it holds the names: \u{201c}{}\u{201d} is taken, because it is the first.",
                    mapping.label
                ));
            }
            mapping
        }
    };
    let at = Columns::of(&mapping, &columns)?;
    let mut plan = Plan::over(existing);
    let mut refused = Vec::new();
    for record in &records {
        let row = plan.row(record, &at, columns.len());
        if row.verdict == Verdict::Rejected {
            refused.push((record, row.reason.clone().unwrap_or_default()));
        }
        plan.counts.add(row.verdict);
        plan.rows.push(row);
    }
    Ok(Preview {
        delimiter: char::from(delimiter).to_string(),
        problems,
        preset: told,
        mapping,
        rejected_csv: rejected_csv(delimiter, &columns, &refused),
        columns,
        rows: plan.rows,
        counts: plan.counts,
        targets: plan.targets,
    })
}

/// The places of the mapped columns.
struct Columns<'a> {
    label: usize,
    notes: Option<usize>,
    client: Option<usize>,
    site: Option<usize>,
    variables: Vec<(&'a str, usize)>,
}

impl<'a> Columns<'a> {
    fn of(mapping: &'a Mapping, columns: &[String]) -> Result<Self, Invalid> {
        let place = |field: String, name: &str| {
            columns.iter().position(|column| column == name).ok_or_else(|| {
                Invalid::new(
                    field,
                    format!("there is no column {name:?}; the file has {}", columns.join(", ")),
                )
            })
        };
        let maybe = |field: &str, name: &Option<String>| {
            name.as_deref().map(|name| place(format!("mapping.{field}"), name)).transpose()
        };
        let mut variables = Vec::new();
        for (key, name) in &mapping.variables {
            let field = format!("mapping.variables.{key}");
            crate::targets::check_variable_key(key)
                .map_err(|invalid| Invalid::new(&field, invalid.message))?;
            variables.push((key.as_str(), place(field, name)?));
        }
        Ok(Self {
            label: place("mapping.label".to_owned(), &mapping.label)?,
            notes: maybe("notes", &mapping.notes)?,
            client: maybe("client", &mapping.client)?,
            site: maybe("site", &mapping.site)?,
            variables,
        })
    }

    /// All places, each with what it is called when something is wrong there.
    fn all(&self) -> impl Iterator<Item = (String, usize)> {
        let named = [("the notes", self.notes), ("the client", self.client), ("the site", self.site)];
        std::iter::once(("the name".to_owned(), self.label))
            .chain(named.into_iter().filter_map(|(name, at)| Some((name.to_owned(), at?))))
            .chain(self.variables.iter().map(|(key, at)| (format!("the variable {key}"), *at)))
    }
}

/// A list while rows are added to it.
struct Plan {
    targets: Vec<Target>,
    places: HashMap<String, usize>,
    /// Names the file has had, with their lines.
    seen: HashMap<String, u32>,
    rows: Vec<Row>,
    counts: Counts,
}

impl Plan {
    fn over(existing: &[Target]) -> Self {
        Self {
            targets: existing.to_vec(),
            places: existing.iter().enumerate().map(|(at, target)| (folded(&target.label), at)).collect(),
            seen: HashMap::new(),
            rows: Vec::new(),
            counts: Counts::default(),
        }
    }

    fn row(&mut self, record: &Record, at: &Columns<'_>, width: usize) -> Row {
        let label = cell(record, at.label);
        let (verdict, reason) = match self.verdict(record, at, width, &label) {
            Ok((verdict, reason)) => (verdict, reason),
            Err(reason) => (Verdict::Rejected, Some(reason.0)),
        };
        Row { line: record.line, label, verdict, reason }
    }

    fn verdict(
        &mut self,
        record: &Record,
        at: &Columns<'_>,
        width: usize,
        label: &str,
    ) -> Result<(Verdict, Option<String>), Refusal> {
        let cells = record.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        if cells > width {
            return Err(Refusal(format!("has {cells} cells; the header has {width}")));
        }
        for (what, place) in at.all() {
            refuse_what_harms(&what, &cell(record, place))?;
        }
        let identity = folded(label);
        let before = self.places.get(&identity).copied();
        let blank = Target { label: label.to_owned(), ..Target::default() };
        let target = overlaid(before.map_or(&blank, |before| &self.targets[before]), record, at);
        let target = target.checked().map_err(|invalid| Refusal::of(&invalid))?;
        if let Some(line) = self.seen.get(&identity) {
            return Err(Refusal(format!("{label} is already on line {line}")));
        }
        self.seen.insert(identity.clone(), record.line);
        let Some(before) = before else {
            if self.targets.len() == TARGETS_MAX {
                return Err(Refusal(format!("a list holds at most {TARGETS_MAX} targets")));
            }
            self.places.insert(identity, self.targets.len());
            self.targets.push(target);
            return Ok((Verdict::Create, None));
        };
        let changed = changed(&self.targets[before], &target);
        if changed.is_empty() {
            return Ok((Verdict::Skip, Some("the list says the same".to_owned())));
        }
        self.targets[before] = target;
        Ok((Verdict::Update, Some(format!("changes {}", changed.join(", ")))))
    }
}

/// Why a row is rejected, in words.
struct Refusal(String);

impl Refusal {
    fn of(invalid: &Invalid) -> Self {
        let what = match invalid.field.as_str() {
            "label" => "the name".to_owned(),
            "notes" => "the notes".to_owned(),
            "client" => "the client".to_owned(),
            "site" => "the site".to_owned(),
            other => format!("the variable {}", other.trim_start_matches("variables.")),
        };
        let verb = if what == "the notes" && invalid.message.starts_with("has ") {
            invalid.message.replacen("has", "have", 1)
        } else {
            invalid.message.clone()
        };
        Self(format!("{what} {verb}"))
    }
}

/// Cells no target should carry: they become something else in the next spreadsheet, or have lost characters.
fn refuse_what_harms(what: &str, text: &str) -> Result<(), Refusal> {
    if is_formula(text) {
        return Err(Refusal(format!("{what} would be run as a formula by a spreadsheet: {text}")));
    }
    if what == "the name" && text.contains('\u{fffd}') {
        return Err(Refusal("the name has characters that could not be read".to_owned()));
    }
    Ok(())
}

/// A telephone number or a negative number is none.
fn is_formula(text: &str) -> bool {
    match text.chars().next() {
        Some('=') => true,
        Some('+' | '-' | '@') => text.contains(['(', '!', '|']),
        _ => false,
    }
}

/// A cell on one line: trimmed, and out of the `="…"` that keeps a spreadsheet from reading it as a number.
fn cell(record: &Record, at: usize) -> String {
    let text = record.cells.get(at).map_or("", String::as_str);
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let text = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The target with what the row says; what it does not say stays.
fn overlaid(before: &Target, record: &Record, at: &Columns<'_>) -> Target {
    let said = |place: usize| Some(cell(record, place)).filter(|text| !text.is_empty());
    let mut target = before.clone();
    for (place, field) in
        [(at.notes, &mut target.notes), (at.client, &mut target.client), (at.site, &mut target.site)]
    {
        if let Some(text) = place.and_then(said) {
            *field = Some(text);
        }
    }
    for (key, place) in &at.variables {
        if let Some(text) = said(*place) {
            target.variables.insert((*key).to_owned(), text);
        }
    }
    target
}

fn changed(before: &Target, after: &Target) -> Vec<String> {
    let mut names: Vec<String> = [
        ("notes", before.notes != after.notes),
        ("client", before.client != after.client),
        ("site", before.site != after.site),
    ]
    .into_iter()
    .filter(|(_, differs)| *differs)
    .map(|(name, _)| name.to_owned())
    .collect();
    let variables = after.variables.iter().filter(|(key, value)| before.variables.get(*key) != Some(value));
    names.extend(variables.map(|(key, _)| key.clone()));
    names
}

/// The rejected rows as a file to mend and import again. With the mark that makes Excel read it as UTF-8.
fn rejected_csv(delimiter: u8, columns: &[String], refused: &[(&Record, String)]) -> Option<String> {
    if refused.is_empty() {
        return None;
    }
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
    let header = ["Line", "Reason"].into_iter().chain(columns.iter().map(String::as_str));
    writer.write_record(header).ok()?;
    for (record, reason) in refused {
        let cells = [record.line.to_string(), reason.clone()];
        let all = cells.iter().chain(&record.cells).map(|cell| harmless(cell));
        writer.write_record(all).ok()?;
    }
    // Only what was text before is in it.
    let text = String::from_utf8(writer.into_inner().ok()?).ok()?;
    Some(format!("\u{feff}{text}"))
}

/// A cell that a spreadsheet shows instead of running it.
fn harmless(cell: &str) -> String {
    if is_formula(cell.trim_start()) { format!("'{cell}") } else { cell.to_owned() }
}
