//! Pictures of the interface as files that a repository can keep: in all their colours where that is small enough, so that
//! the shadow round a dialog has no bands, and else in the 256 commonest.

use std::collections::HashMap;

use anyhow::{Result, ensure};

/// Colours of a palette.
const COLOURS: usize = 256;

/// The largest file that is kept in all its colours, in bytes.
const LARGEST: usize = 150_000;

/// The picture as it is to be kept.
pub(crate) fn kept(picture: &[u8]) -> Result<Vec<u8>> {
    let whole = opaque(picture)?;
    if whole.len() <= LARGEST { Ok(whole) } else { reduced(picture) }
}

/// Width, height and the colours of a PNG, pixel by pixel.
fn colours(picture: &[u8]) -> Result<(u32, u32, Vec<[u8; 3]>)> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(picture));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().unwrap_or_default()];
    let info = reader.next_frame(&mut pixels)?;
    let bytes = info.color_type.samples();
    ensure!(bytes >= 3 && info.bit_depth == png::BitDepth::Eight, "an unexpected kind of picture");
    let pixels = pixels[..info.buffer_size()].chunks_exact(bytes);
    Ok((info.width, info.height, pixels.map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()))
}

/// The same PNG without transparency, packed as tightly as it goes.
fn opaque(picture: &[u8]) -> Result<Vec<u8>> {
    let (width, height, colours) = colours(picture)?;
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::Adaptive);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&colours.concat())?;
    writer.finish()?;
    Ok(file)
}

/// The same PNG with a palette: its colours, commonest first, without those that are hardly to be told from one before; as
/// many as fit. A pixel of another colour gets the nearest.
fn reduced(picture: &[u8]) -> Result<Vec<u8>> {
    let (width, height, colours) = colours(picture)?;
    let mut counts: HashMap<[u8; 3], usize> = HashMap::new();
    for colour in &colours {
        *counts.entry(*colour).or_default() += 1;
    }
    let mut by_count: Vec<([u8; 3], usize)> = counts.into_iter().collect();
    // By colour as well, so that the same picture is the same file.
    by_count.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
    let palette = chosen(by_count.iter().map(|(colour, _)| *colour));
    let index: HashMap<[u8; 3], u8> =
        by_count.iter().map(|(colour, _)| (*colour, nearest(&palette, *colour))).collect();

    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette.concat());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let indices: Vec<u8> =
        colours.iter().map(|colour| index.get(colour).copied().unwrap_or_default()).collect();
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

    fn encoded(pixels: &[[u8; 3]]) -> Vec<u8> {
        let mut picture = Vec::new();
        let mut encoder = png::Encoder::new(&mut picture, pixels.len() as u32, 1);
        encoder.set_color(png::ColorType::Rgb);
        encoder.write_header().unwrap().write_image_data(&pixels.concat()).unwrap();
        picture
    }

    #[test]
    fn a_small_picture_keeps_every_colour() {
        let shades: Vec<[u8; 3]> = (0..2_000_u32).map(|n| [(n % 256) as u8, (n / 256) as u8, 7]).collect();
        let (width, height, found) = colours(&kept(&encoded(&shades)).unwrap()).unwrap();
        assert_eq!((width, height, found), (2_000, 1, shades));
    }

    #[test]
    fn colours_that_are_apart_stay_and_those_side_by_side_become_one() {
        // 250 colours far from each other, and ten shades of one of them.
        let apart = (0..250_u8).map(|n| [n / 16 * 16, n % 16 * 16, 0]);
        let pixels: Vec<[u8; 3]> = apart.chain((1..=10).map(|n| [0, 0, n])).collect();
        let (_, _, found) = colours(&reduced(&encoded(&pixels)).unwrap()).unwrap();
        assert_eq!(found[..250], pixels[..250]);
        for (found, given) in found.into_iter().zip(pixels) {
            assert!(distance(found, given) <= 4);
        }
    }
}
