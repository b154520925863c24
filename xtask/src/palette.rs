//! Pictures of the interface as files that a repository can keep: 256 colours at most, which is nearly all it has.

use std::collections::HashMap;

use anyhow::{Result, ensure};

/// Colours of a palette.
const COLOURS: usize = 256;

/// The same PNG with a palette: its colours, commonest first, without those that are hardly to be told from one before; as
/// many as fit. A pixel of another colour gets the nearest.
pub(crate) fn reduced(picture: &[u8]) -> Result<Vec<u8>> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(picture));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().unwrap_or_default()];
    let info = reader.next_frame(&mut pixels)?;
    let bytes = info.color_type.samples();
    ensure!(bytes >= 3 && info.bit_depth == png::BitDepth::Eight, "an unexpected kind of picture");
    let colours =
        || pixels[..info.buffer_size()].chunks_exact(bytes).map(|pixel| [pixel[0], pixel[1], pixel[2]]);

    let mut counts: HashMap<[u8; 3], usize> = HashMap::new();
    for colour in colours() {
        *counts.entry(colour).or_default() += 1;
    }
    let mut by_count: Vec<([u8; 3], usize)> = counts.into_iter().collect();
    // By colour as well, so that the same picture is the same file.
    by_count.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
    let palette = chosen(by_count.iter().map(|(colour, _)| *colour));
    let index: HashMap<[u8; 3], u8> =
        by_count.iter().map(|(colour, _)| (*colour, nearest(&palette, *colour))).collect();

    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, info.width, info.height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette.concat());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let indices: Vec<u8> = colours().map(|colour| index.get(&colour).copied().unwrap_or_default()).collect();
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&indices)?;
    writer.finish()?;
    Ok(file)
}

fn chosen(colours: impl Iterator<Item = [u8; 3]> + Clone) -> Vec<[u8; 3]> {
    let mut palette: Vec<[u8; 3]> = Vec::new();
    for step in 0.. {
        palette.clear();
        for colour in colours.clone() {
            if palette.iter().all(|other| distance(*other, colour) > step * step) {
                palette.push(colour);
            }
            if palette.len() > COLOURS {
                break;
            }
        }
        if palette.len() <= COLOURS {
            break;
        }
    }
    palette
}

fn distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    one.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}

fn nearest(palette: &[[u8; 3]], colour: [u8; 3]) -> u8 {
    let found = palette.iter().enumerate().min_by_key(|(_, other)| distance(**other, colour));
    found.and_then(|(at, _)| u8::try_from(at).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_that_are_apart_stay_and_those_side_by_side_become_one() {
        // 250 colours far from each other, and ten shades of one of them.
        let apart = (0..250_u8).map(|n| [n / 16 * 16, n % 16 * 16, 0]);
        let pixels: Vec<[u8; 3]> = apart.chain((1..=10).map(|n| [0, 0, n])).collect();
        let mut picture = Vec::new();
        let mut encoder = png::Encoder::new(&mut picture, pixels.len() as u32, 1);
        encoder.set_color(png::ColorType::Rgb);
        encoder.write_header().unwrap().write_image_data(&pixels.concat()).unwrap();

        let mut decoder = png::Decoder::new(std::io::Cursor::new(reduced(&picture).unwrap()));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut read = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut read).unwrap();
        assert_eq!(read[..250 * 3], pixels.concat()[..250 * 3]);
        for (found, given) in read.chunks_exact(3).zip(&pixels) {
            assert!(distance([found[0], found[1], found[2]], *given) <= 4);
        }
    }
}
