//! Documents the interface hands to the person as files.
//!
//! Web views differ in what they do with a download, and some do nothing: the shell writes the file itself, where every
//! other download is, and never over one that is there.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mf_contract::{ApiError, ErrorCode};

/// More copies of one name than anyone keeps.
const COPIES: u32 = 1_000;

/// Writes a document, given as text or as Base64, to the downloads folder; answers its path.
#[tauri::command]
pub(crate) fn save_download(
    file_name: String,
    content: Option<String>,
    base64: Option<String>,
) -> Result<String, ApiError> {
    let unavailable = |message: String| ApiError::new(ErrorCode::Unavailable, message);
    let bytes = bytes(content, base64)?;
    let folder = dirs::download_dir()
        .or_else(dirs::home_dir)
        .ok_or_else(|| unavailable("There is no folder to save downloads in.".to_owned()))?;
    save(&folder, &file_name, &bytes).map(|path| path.display().to_string()).map_err(|error| {
        tracing::error!(%error, "a download could not be saved");
        unavailable(format!(
            "The file could not be saved in {}. Check the disk and try again.",
            folder.display()
        ))
    })
}

fn bytes(content: Option<String>, base64: Option<String>) -> Result<Vec<u8>, ApiError> {
    match (content, base64) {
        (Some(text), None) => Ok(text.into_bytes()),
        (None, Some(encoded)) => {
            STANDARD.decode(encoded).map_err(|_| ApiError::internal("the document is not Base64"))
        }
        _ => Err(ApiError::internal("a document is either text or Base64")),
    }
}

fn save(folder: &Path, name: &str, content: &[u8]) -> io::Result<PathBuf> {
    // The interface names the file; it does not choose the folder.
    let name = Path::new(name).file_name().map(Path::new).ok_or(ErrorKind::InvalidInput)?;
    let stem = name.file_stem().unwrap_or_default().to_string_lossy();
    let extension = name.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
    fs::create_dir_all(folder)?;
    for copy in 1..=COPIES {
        let number = if copy == 1 { String::new() } else { format!(" ({copy})") };
        let path = folder.join(format!("{stem}{number}{extension}"));
        match File::create_new(&path) {
            Ok(mut file) => {
                let written = file.write_all(content).and_then(|()| file.sync_all());
                if written.is_err() {
                    // Half a document is worse than none; the error that matters is the first one.
                    let _ = fs::remove_file(&path);
                }
                return written.map(|()| path);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_document_of_the_same_name_does_not_replace_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let first = save(folder.path(), "patch.md", b"one").unwrap();
        let second = save(folder.path(), "patch.md", b"two").unwrap();
        assert_eq!(fs::read(first).unwrap(), b"one");
        assert_eq!(second.file_name().unwrap(), "patch (2).md");
    }

    #[test]
    fn a_document_is_text_or_bytes() {
        assert_eq!(bytes(Some("é".to_owned()), None).unwrap(), "é".as_bytes());
        assert_eq!(bytes(None, Some("iVBORw==".to_owned())).unwrap(), [0x89, b'P', b'N', b'G']);
        assert!(bytes(None, Some("!".to_owned())).is_err());
        assert!(bytes(None, None).is_err());
    }

    #[test]
    fn a_name_cannot_leave_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let saved = save(folder.path(), "../../outside.md", b"x").unwrap();
        assert_eq!(saved, folder.path().join("outside.md"));
        assert!(save(folder.path(), "..", b"x").is_err());
    }
}
