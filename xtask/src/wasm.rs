//! Making the WebAssembly of the interface smaller, with Binaryen's `wasm-opt` as Debian packages it.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::process::{on_path, read, run, target_dir};

const PROGRAM: &str = "wasm-opt";

/// Size before all, and what rustc and wasm-bindgen make use of. Debian 12's release would refuse it otherwise.
const OPTIONS: &[&str] = &[
    "-Oz",
    // Wider than its LEB128: a constant that comes up often is read from a local.
    "--const-hoisting",
    "--vacuum",
    "--reorder-locals",
    "--strip-target-features",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The magic number and the version in front of the sections.
const HEADER: usize = 8;
const CUSTOM: u8 = 0;
const EXPORTS: u8 = 7;
/// The kind of an export that is a table.
const TABLE: u8 = 1;
const TABLE_NAME: &[u8] = b"__wbindgen_externrefs";
const FEATURES: &[u8] = b"\x0ftarget_features";
const BULK_MEMORY: &[u8] = b"\x0bbulk-memory";

/// Whether a feature may be used, as the section of features has it in front of the name.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
enum Sign {
    Used = b'+',
    Disallowed = b'-',
}

/// The same programs, smaller: the main one and its parts. Each is optimised once for each content: the results are kept
/// below the target folder.
///
/// Debian brings the optimiser with the other packages; where there is none, the programs stay as they are.
pub(crate) fn optimised(programs: BTreeMap<PathBuf, Vec<u8>>) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    if !on_path(PROGRAM) {
        println!("no {PROGRAM} on the path: the interface stays larger than it need be (install binaryen)");
        return Ok(programs);
    }
    let kept = Kept::open()?;
    let smaller = programs
        .into_iter()
        .map(|(name, mut wasm)| {
            // Said for wasm-bindgen alone.
            sign_bulk_memory(&mut wasm, Sign::Used)?;
            let path = kept.path(&wasm);
            if !path.exists() {
                kept.make(&wasm, &path)?;
            }
            let mut smaller = fs::read(&path).with_context(|| path.display().to_string())?;
            keep_table_export(&mut smaller, &wasm)?;
            Ok((name, (path, smaller)))
        })
        .collect::<Result<BTreeMap<_, _>>>()?;
    // Only the newest are worth their space.
    kept.forget_all_but(smaller.values().map(|(path, _)| path))?;
    Ok(smaller.into_iter().map(|(name, (_, wasm))| (name, wasm)).collect())
}

/// What was optimised before.
struct Kept {
    dir: PathBuf,
    release: String,
}

impl Kept {
    fn open() -> Result<Self> {
        let dir = target_dir().join("wasm-opt");
        fs::create_dir_all(&dir)?;
        Ok(Self { dir, release: read(Command::new(PROGRAM).arg("--version"))? })
    }

    /// Where the result for a content is; named after all that it depends on.
    fn path(&self, wasm: &[u8]) -> PathBuf {
        let mut digest = Sha256::new();
        digest.update(&self.release);
        digest.update(OPTIONS.join(" "));
        digest.update(wasm);
        let name: String = digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        self.dir.join(format!("{name}.wasm"))
    }

    fn make(&self, wasm: &[u8], path: &Path) -> Result<()> {
        let (input, output) = (self.dir.join("input"), self.dir.join("output"));
        fs::write(&input, wasm)?;
        run(Command::new(PROGRAM).args(OPTIONS).arg(&input).arg("-o").arg(&output))?;
        fs::remove_file(&input)?;
        // Under its name only when it is whole.
        Ok(fs::rename(&output, path)?)
    }

    fn forget_all_but<'a>(&self, wanted: impl Iterator<Item = &'a PathBuf>) -> Result<()> {
        let wanted: Vec<_> = wanted.collect();
        for entry in fs::read_dir(&self.dir)? {
            let path = entry?.path();
            if !wanted.contains(&&path) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

/// What the linker wrote, saying that bulk memory is not to be used.
///
/// wasm-bindgen would clear the slots of its table with `table.fill`, which Binaryen 108 does not know; told so, it
/// clears them one by one. What the compiler itself made of bulk memory stays as it is.
pub(crate) fn without_bulk_tables(path: &Path) -> Result<Vec<u8>> {
    let mut wasm = fs::read(path).with_context(|| path.display().to_string())?;
    sign_bulk_memory(&mut wasm, Sign::Disallowed).with_context(|| path.display().to_string())?;
    Ok(wasm)
}

fn sign_bulk_memory(wasm: &mut [u8], sign: Sign) -> Result<()> {
    for Section { id, content } in sections(wasm)? {
        let section = &mut wasm[content];
        if id == CUSTOM && section.starts_with(FEATURES) {
            let found = section.windows(BULK_MEMORY.len()).position(|window| window == BULK_MEMORY);
            if let Some(before) = found.and_then(|name| name.checked_sub(1)) {
                section[before] = sign as u8;
            }
        }
    }
    Ok(())
}

/// Binaryen 108 writes every exported table as the first one; the glue needs the one that holds its objects.
fn keep_table_export(wasm: &mut [u8], original: &[u8]) -> Result<()> {
    if let (Some(meant), Some(written)) = (table_export(original)?, table_export(wasm)?) {
        wasm[written] = original[meant];
    }
    Ok(())
}

/// Where the index of the glue's table stands. It is one byte: nobody has 128 tables.
fn table_export(wasm: &[u8]) -> Result<Option<usize>> {
    let Some(exports) = sections(wasm)?.into_iter().find(|section| section.id == EXPORTS) else {
        return Ok(None);
    };
    let (count, mut at) = unsigned(wasm, exports.content.start)?;
    for _ in 0..count {
        let (length, name) = unsigned(wasm, at)?;
        let kind = name + length;
        let (_, next) = unsigned(wasm, kind + 1)?;
        if wasm.get(name..kind) == Some(TABLE_NAME) && wasm[kind] == TABLE {
            return Ok(Some(kind + 1));
        }
        at = next;
    }
    Ok(None)
}

#[derive(Debug)]
struct Section {
    id: u8,
    content: Range<usize>,
}

fn sections(wasm: &[u8]) -> Result<Vec<Section>> {
    let (mut found, mut at) = (Vec::new(), HEADER);
    while at < wasm.len() {
        let id = wasm[at];
        let (length, content) = unsigned(wasm, at + 1)?;
        at = content + length;
        ensure!(at <= wasm.len(), "a section is cut short");
        found.push(Section { id, content: content..at });
    }
    Ok(found)
}

/// A number as WebAssembly writes it (LEB128), and where the next thing begins.
fn unsigned(wasm: &[u8], mut at: usize) -> Result<(usize, usize)> {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let byte = *wasm.get(at).context("a number is cut short")?;
        ensure!(shift < 32, "a number is too long");
        at += 1;
        value |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    Ok((value, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_feature_is_taken_away() {
        // A section of code that happens to hold the same bytes, then the features.
        let code = [&[10, 13], &b"+"[..], BULK_MEMORY].concat();
        let features = [FEATURES, &[3], b"+", BULK_MEMORY, b"+\x0fbulk-memory-opt+\x08sign-ext"].concat();
        let length = u8::try_from(features.len()).unwrap();
        let mut wasm = [b"\0asm\x01\0\0\0", &code[..], &[CUSTOM, length], &features].concat();
        let given = wasm.clone();
        sign_bulk_memory(&mut wasm, Sign::Disallowed).unwrap();
        let changed: Vec<usize> = (0..wasm.len()).filter(|at| wasm[*at] != given[*at]).collect();
        assert_eq!(changed, [given.len() - features.len() + FEATURES.len() + 1]);
        assert_eq!(wasm[changed[0]], b'-');

        sign_bulk_memory(&mut wasm, Sign::Used).unwrap();
        assert_eq!(wasm, given);
    }

    #[test]
    fn the_table_of_the_glue_keeps_its_index() {
        let module = |index: u8| {
            let entries = [&[2, 1, b'm', 2, 0, TABLE_NAME.len() as u8], TABLE_NAME, &[TABLE, index]].concat();
            [b"\0asm\x01\0\0\0", &[EXPORTS, entries.len() as u8][..], &entries].concat()
        };
        let mut written = module(0);
        keep_table_export(&mut written, &module(1)).unwrap();
        assert_eq!(written, module(1));
        // Without such a table there is nothing to keep.
        let mut none = b"\0asm\x01\0\0\0".to_vec();
        keep_table_export(&mut none, &module(1)).unwrap();
        assert_eq!(none, b"\0asm\x01\0\0\0");
    }

    #[test]
    fn numbers_take_as_many_bytes_as_they_need() {
        assert_eq!(unsigned(&[0x05, 0xff], 0).unwrap(), (5, 1));
        assert_eq!(unsigned(&[0x80, 0x80, 0x01], 0).unwrap(), (1 << 14, 3));
        assert!(unsigned(&[0x80], 0).is_err());
    }

    #[test]
    fn a_file_that_is_cut_short_is_an_error() {
        assert!(sign_bulk_memory(&mut b"\0asm\x01\0\0\0\x0a\x7f\0".to_vec(), Sign::Used).is_err());
    }
}
