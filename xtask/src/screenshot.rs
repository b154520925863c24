//! Pictures of the virtual display, without a screenshot program.
//!
//! `Xvfb -fbdir` keeps the screen in a file in the X window dump format: a header of big-endian words, a colour map,
//! then rows of pixels. We read the one layout it writes for a 24-bit screen.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::process::wait_for;

/// Pixels of one moment, three bytes each.
#[derive(Debug, PartialEq, Eq)]
struct Frame {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

/// Saves what the screen shows once it shows something and has stopped changing.
pub(crate) fn save_settled(framebuffer: &Path, png: &Path) -> Result<()> {
    let mut last: Option<Frame> = None;
    let mut settled = None;
    let looked = wait_for("a settled screen", Duration::from_secs(15), || {
        std::thread::sleep(Duration::from_millis(300));
        let frame = decode(&fs::read(framebuffer)?)?;
        let still = !frame.is_blank() && last.as_ref() == Some(&frame);
        let previous = last.replace(frame);
        settled = previous.filter(|_| still);
        Ok(still)
    });
    // A screen that goes on moving is worth a picture all the same.
    let frame = settled.or(last).context("no picture of the screen")?;
    if frame.is_blank() {
        looked?;
    }
    save(&frame, png)
}

/// Lines that are looked at to see whether a window shows its content.
const SAMPLES: usize = 40;
/// Colours on them: more than a window without content has, fewer than a few words.
const MANY_COLOURS: usize = 24;

/// Whether the screen shows more than empty windows. Looks at a few lines, for it is asked often.
pub(crate) fn shows_much(framebuffer: &Path) -> Result<bool> {
    let bytes = fs::read(framebuffer)?;
    let dump = Dump::read(&bytes)?;
    let mut colours: Vec<[u8; 3]> = dump.lines((dump.height / SAMPLES).max(1)).collect();
    colours.sort_unstable();
    colours.dedup();
    Ok(colours.len() >= MANY_COLOURS)
}

impl Frame {
    fn is_blank(&self) -> bool {
        let mut pixels = self.rgb.chunks_exact(3);
        let first = pixels.next();
        pixels.all(|pixel| Some(pixel) == first)
    }
}

/// A dump of the screen, not yet decoded.
#[derive(Debug)]
struct Dump<'a> {
    width: usize,
    height: usize,
    /// Bytes of a row.
    row: usize,
    least_first: bool,
    pixels: &'a [u8],
}

impl<'a> Dump<'a> {
    fn read(dump: &'a [u8]) -> Result<Self> {
        let word = |index: usize| -> Result<usize> {
            let bytes = dump.get(index * 4..index * 4 + 4).context("the dump is cut short")?;
            Ok(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize)
        };
        let (header, width, height) = (word(0)?, word(4)?, word(5)?);
        let (least_first, bits, row, colours) = (word(7)? == 0, word(11)?, word(12)?, word(19)?);
        if bits != 32 {
            bail!("{bits} bits per pixel instead of 32");
        }
        let pixels = dump.get(header + colours * 12..).context("the dump has no pixels")?;
        ensure!(row >= width * 4 && pixels.len() >= row * height, "the dump is cut short");
        Ok(Self { width, height, row, least_first, pixels })
    }

    /// The pixels of every `step`th line.
    fn lines(&self, step: usize) -> impl Iterator<Item = [u8; 3]> {
        let lines = self.pixels.chunks_exact(self.row).take(self.height).step_by(step);
        lines.flat_map(|line| line.chunks_exact(4).take(self.width)).map(|pixel| {
            if self.least_first { [pixel[2], pixel[1], pixel[0]] } else { [pixel[1], pixel[2], pixel[3]] }
        })
    }
}

fn decode(dump: &[u8]) -> Result<Frame> {
    let dump = Dump::read(dump)?;
    let rgb = dump.lines(1).flatten().collect();
    Ok(Frame { width: dump.width as u32, height: dump.height as u32, rgb })
}

fn save(frame: &Frame, path: &Path) -> Result<()> {
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir)?;
    }
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), frame.width, frame.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(&frame.rgb)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dump(pixels: &[[u8; 4]]) -> Vec<u8> {
        let mut words = [0_u32; 25];
        (words[0], words[4], words[5]) = (100, pixels.len() as u32, 1);
        (words[11], words[12], words[19]) = (32, pixels.len() as u32 * 4, 1);
        let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        bytes.extend([0; 12]);
        bytes.extend(pixels.iter().flatten());
        bytes
    }

    #[test]
    fn pixels_come_out_in_red_green_blue() {
        let frame = decode(&dump(&[[3, 2, 1, 0], [6, 5, 4, 0]])).unwrap();
        assert_eq!(frame, Frame { width: 2, height: 1, rgb: vec![1, 2, 3, 4, 5, 6] });
        assert!(!frame.is_blank());
    }

    #[test]
    fn much_is_many_colours() {
        let dir = tempfile::tempdir().unwrap();
        let shows = |colours: u8| {
            let path = dir.path().join("screen");
            let pixels: Vec<[u8; 4]> = (0..100).map(|n| [n % colours, 0, 0, 0]).collect();
            fs::write(&path, dump(&pixels)).unwrap();
            shows_much(&path).unwrap()
        };
        assert!(!shows(3));
        assert!(shows(60));
    }

    #[test]
    fn a_short_dump_is_an_error() {
        let whole = dump(&[[1, 2, 3, 0]; 4]);
        assert!(decode(&whole[..whole.len() - 1]).is_err());
        assert!(decode(&whole[..20]).is_err());
    }
}
