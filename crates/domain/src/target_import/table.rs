//! A CSV file as a header and rows that know their line, however a spreadsheet wrote it.

use super::CSV_MAX;
use crate::Invalid;

/// Most rows that are looked at; a list holds half as many targets.
const ROWS_MAX: usize = 20_000;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How to get a file that can be read.
const SAVE_AGAIN: &str = "Save it as \u{201c}CSV UTF-8\u{201d} and choose it again.";

/// A file that could be read.
pub(super) struct Table {
    pub(super) delimiter: u8,
    pub(super) columns: Vec<String>,
    pub(super) records: Vec<Record>,
    /// For a person.
    pub(super) problems: Vec<String>,
}

/// One row with at least one cell that is not blank.
pub(super) struct Record {
    pub(super) line: u32,
    pub(super) cells: Vec<String>,
}

fn refused(message: impl Into<String>) -> Invalid {
    Invalid::new("csv", message)
}

/// Reads the file.
///
/// # Errors
/// Names `csv`: too large, not text, a quote that is never closed (with its line), no header, too many rows.
pub(super) fn read(text: &str) -> Result<Table, Invalid> {
    if text.len() > CSV_MAX {
        return Err(refused(format!("has {} bytes; at most {CSV_MAX} are read", text.len())));
    }
    if text.contains('\0') {
        return Err(refused(format!("was saved as UTF-16 and not as UTF-8. {SAVE_AGAIN}")));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    // Excel writes and honours such a first line.
    let named = text.lines().next().and_then(|line| line.trim_matches('"').strip_prefix("sep="));
    let named = named.and_then(|rest| rest.as_bytes().first().copied()).filter(|d| DELIMITERS.contains(d));
    let (body, skipped) = match named {
        Some(_) => (text.split_once('\n').map_or("", |(_, rest)| rest), 1),
        None => (text.as_str(), 0),
    };
    let delimiter = named.unwrap_or_else(|| likely_delimiter(body));
    if let Some(line) = never_closed(body, delimiter) {
        let line = line + skipped;
        return Err(refused(format!("line {line}: a quotation mark is opened and never closed")));
    }
    let mut records = records(body, delimiter, skipped)?;
    if records.is_empty() {
        return Err(refused("holds no header and no rows"));
    }
    let columns = unique_names(records.remove(0).cells);
    let mut problems = Vec::new();
    if records.is_empty() {
        problems.push("There is a header, but no row below it.".to_owned());
    }
    problems.extend(lost_characters(&text));
    Ok(Table { delimiter, columns, records, problems })
}

fn records(body: &str, delimiter: u8, skipped: u32) -> Result<Vec<Record>, Invalid> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(body.as_bytes());
    let mut records = Vec::new();
    let (mut counted, mut line) = (0, 1 + skipped);
    for record in reader.records() {
        let record = record.map_err(|error| refused(format!("cannot be read: {error}")))?;
        let from = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
        // A record is said to begin where the one before it ended: blank lines in front of it are not part of it.
        let begins = body[from..].find(|c| c != '\n').map_or(from, |blank| from + blank);
        line += u32::try_from(body[counted..begins].matches('\n').count()).unwrap_or(0);
        counted = begins;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if records.len() > ROWS_MAX {
            return Err(refused(format!("has more than {ROWS_MAX} rows")));
        }
        records.push(Record { line, cells: record.iter().map(str::to_owned).collect() });
    }
    Ok(records)
}

/// The one that cuts the header into the most cells.
fn likely_delimiter(body: &str) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut quoted = false;
    for byte in body.trim_start_matches('\n').bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            other if !quoted => {
                if let Some(at) = DELIMITERS.iter().position(|delimiter| *delimiter == other) {
                    counts[at] += 1;
                }
            }
            _ => {}
        }
    }
    // Of equals the first: `max_by_key` would take the last.
    let most = counts.iter().max().copied().unwrap_or(0);
    counts.iter().position(|count| *count == most).map_or(b',', |at| DELIMITERS[at])
}

/// The line on which a quoted cell begins that does not end.
fn never_closed(body: &str, delimiter: u8) -> Option<u32> {
    let (mut line, mut opened, mut at_start) = (1, None, true);
    let mut bytes = body.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match (opened, byte) {
            (Some(_), b'"') if bytes.peek() == Some(&b'"') => drop(bytes.next()),
            (Some(_), b'"') => (opened, at_start) = (None, false),
            (None, b'"') if at_start => opened = Some(line),
            (None, other) => at_start = other == delimiter || other == b'\n',
            _ => {}
        }
        line += u32::from(byte == b'\n');
    }
    opened
}

/// Column names as they are chosen by: never blank, none twice.
fn unique_names(header: Vec<String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(header.len());
    for (index, cell) in header.iter().enumerate() {
        let name = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = if name.is_empty() { format!("Column {}", index + 1) } else { name };
        let numbered = (2..).map(|n| format!("{name} ({n})"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !names.contains(name));
        names.extend(free);
    }
    // Spreadsheets leave empty columns behind the last one.
    while names.len() > 1 && header[names.len() - 1].trim().is_empty() {
        names.pop();
    }
    names
}

/// Characters that were lost when the bytes became text.
fn lost_characters(text: &str) -> Option<String> {
    let mut lines = text.lines().zip(1..).filter(|(line, _)| line.contains('\u{fffd}')).map(|(_, n)| n);
    let first: u32 = lines.next()?;
    let more = lines.count();
    let also = if more > 0 { format!(" and {more} more lines") } else { String::new() };
    Some(format!("Line {first}{also}: characters could not be read, the file is not UTF-8. {SAVE_AGAIN}"))
}
