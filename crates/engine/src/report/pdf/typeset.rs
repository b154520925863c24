//! Text into glyphs in lines, with the two bundled faces of Inter and nothing of the system's.
//!
//! A character that Inter lacks (Chinese, Arabic, emoji) is drawn as its empty box; what is copied out of the document is
//! still the character.

use krilla::text::{GlyphId, KrillaGlyph};
use parley::fontique::{Blob, Collection, CollectionOptions, FontInfoOverride, SourceCache};
use parley::{
    FontContext, FontFamily, FontFamilyName, FontWeight, LayoutContext, LineHeight, OverflowWrap,
    StyleProperty,
};
use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

pub(super) const REGULAR: &[u8] = include_bytes!("../fonts/Inter-Regular.ttf");
pub(super) const SEMIBOLD: &[u8] = include_bytes!("../fonts/Inter-SemiBold.ttf");
const FAMILY: &str = "Inter Report";

/// One of the two faces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Face {
    #[default]
    Regular,
    SemiBold,
}

/// How a paragraph looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    /// In points.
    pub(super) size: f32,
    pub(super) face: Face,
    pub(super) ink: Ink,
}

/// What a colour means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Ink {
    #[default]
    Text,
    Faint,
    Good,
    Bad,
    Running,
}

/// A line of glyphs, ready to be drawn.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) text: Rc<str>,
    /// From the top of the line, in points.
    pub(super) baseline: f32,
    pub(super) height: f32,
    pub(super) glyphs: Vec<KrillaGlyph>,
}

/// A text broken into lines of a width.
#[derive(Debug)]
pub(super) struct Paragraph {
    pub(super) style: Style,
    pub(super) lines: Vec<Line>,
}

impl Paragraph {
    /// In points.
    pub(super) fn height(&self) -> f32 {
        self.lines.iter().map(|line| line.height).sum()
    }

    /// Of the first line, in points.
    pub(super) fn width(&self) -> f32 {
        let glyphs = self.lines.first().map_or(&[][..], |line| &line.glyphs);
        glyphs.iter().map(|glyph| glyph.x_advance * self.style.size).sum()
    }
}

#[derive(PartialEq, Eq, Hash)]
struct Key {
    text: Rc<str>,
    face: Face,
    ink: Ink,
    /// Bits of the size and of the width.
    size: u32,
    width: u32,
}

/// Sets paragraphs. The same text in the same style is set once: a batch repeats its steps for every target.
pub(super) struct Typesetter {
    fonts: FontContext,
    layouts: LayoutContext<()>,
    set: HashMap<Key, Rc<Paragraph>>,
}

impl Typesetter {
    pub(super) fn new() -> Self {
        let options = CollectionOptions { shared: false, system_fonts: false };
        let mut collection = Collection::new(options);
        for bytes in [REGULAR, SEMIBOLD] {
            let family = FontInfoOverride { family_name: Some(FAMILY), ..FontInfoOverride::default() };
            collection.register_fonts(Blob::new(Arc::new(bytes)), Some(family));
        }
        Self {
            fonts: FontContext { collection, source_cache: SourceCache::default() },
            layouts: LayoutContext::new(),
            set: HashMap::new(),
        }
    }

    /// A text in lines of at most `width` points.
    pub(super) fn set(&mut self, text: &str, style: Style, width: f32) -> Rc<Paragraph> {
        let key = Key {
            text: text.into(),
            face: style.face,
            ink: style.ink,
            size: style.size.to_bits(),
            width: width.to_bits(),
        };
        if let Some(set) = self.set.get(&key) {
            return set.clone();
        }
        let paragraph = Rc::new(self.lay_out(&key.text, style, width));
        self.set.insert(key, paragraph.clone());
        paragraph
    }

    fn lay_out(&mut self, text: &Rc<str>, style: Style, width: f32) -> Paragraph {
        let weight = match style.face {
            Face::Regular => FontWeight::NORMAL,
            Face::SemiBold => FontWeight::SEMI_BOLD,
        };
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, text, 1.0, false);
        let family = FontFamily::Single(FontFamilyName::Named(Cow::Borrowed(FAMILY)));
        builder.push_default(StyleProperty::FontFamily(family));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(StyleProperty::FontWeight(weight));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(1.4)));
        // A hash or a path is broken anywhere rather than run over the next column.
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        let mut layout = builder.build(&**text);
        layout.break_all_lines(Some(width));
        let lines = layout.lines().map(|line| {
            let metrics = line.metrics();
            let clusters = line.runs().flat_map(|run| run.visual_clusters().collect::<Vec<_>>());
            let glyphs = clusters.flat_map(|cluster| {
                let range = cluster.text_range();
                let glyphs: Vec<KrillaGlyph> = cluster
                    .glyphs()
                    .map(|glyph| {
                        let of_size = |length: f32| length / style.size;
                        KrillaGlyph::new(
                            GlyphId::new(glyph.id),
                            of_size(glyph.advance),
                            of_size(glyph.x),
                            of_size(glyph.y),
                            0.0,
                            range.clone(),
                            None,
                        )
                    })
                    .collect();
                glyphs
            });
            Line {
                text: text.clone(),
                baseline: metrics.baseline - metrics.block_min_coord,
                height: metrics.line_height,
                glyphs: glyphs.collect(),
            }
        });
        Paragraph { style, lines: lines.collect() }
    }
}
