//! A decision tree as a picture: boxes in rows, lines for the answers. Whoever cannot see it has the outline.

use crate::state::tree_draft::{TreeDraft, draw, kind_name};
use yew::prelude::*;

/// Pixels of a box and of the space between boxes.
const WIDTH: u32 = 168;
const HEIGHT: u32 = 44;
const COLUMN: u32 = 192;
const ROW: u32 = 104;
/// How many letters fit a line of a box, and a line's label.
const LETTERS: usize = 22;

fn shortened(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let cut: String = text.chars().take(letters - 1).collect();
    format!("{}…", cut.trim_end())
}

/// A title on two lines at most.
fn lines(title: &str) -> Vec<String> {
    let mut first = String::new();
    let mut rest = String::new();
    for word in title.split_whitespace() {
        let line = if rest.is_empty() && first.chars().count() + word.chars().count() < LETTERS {
            &mut first
        } else {
            &mut rest
        };
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    [first, rest].into_iter().filter(|line| !line.is_empty()).map(|line| shortened(&line, LETTERS)).collect()
}

/// The picture; `onopen` is told the place of a node that is clicked.
pub fn drawing(tree: &TreeDraft, open: Option<usize>, onopen: Option<&Callback<usize>>) -> Html {
    let drawing = draw(tree);
    let (width, height) = (drawing.size.0 * COLUMN / 2 + 8, drawing.size.1 * ROW - ROW + HEIGHT + 8);
    let place = |node: usize| {
        let (_, column, row) = drawing.nodes.iter().find(|(other, ..)| *other == node)?;
        Some((column * COLUMN / 2 + 4, row * ROW + 4))
    };
    let edge = |(from, to, label, aside): &(usize, usize, String, bool)| {
        let ((x1, y1), (x2, y2)) = (place(*from)?, place(*to)?);
        let (x1, y1, x2) = (x1 + WIDTH / 2, y1 + HEIGHT, x2 + WIDTH / 2);
        // What leads up again bows out at the side.
        let path = if y2 > y1 {
            let half = y1.midpoint(y2);
            format!("M{x1} {y1}C{x1} {half} {x2} {half} {x2} {y2}")
        } else {
            let (right, level) = (x2 + WIDTH / 2, y2 + HEIGHT / 2);
            format!("M{x1} {y1}C{x1} {} {} {level} {right} {level}", y1 + 28, right + 36)
        };
        // Nearer to the box it leads to: labels of one question do not meet.
        let (at, down) =
            (if y2 > y1 { (x1 + x2 * 2) / 3 } else { x1 }, if y2 > y1 { y2 - 22 } else { y1 + 24 });
        Some(html! {
            <>
                <path class={classes!("edge", aside.then_some("aside"))} d={path} />
                <text class="edge-label" x={at.to_string()} y={down.to_string()}>{ shortened(label, 18) }</text>
            </>
        })
    };
    html! {
        // Wider than the page it may be: whoever has no mouse scrolls it with the arrow keys.
        <div class="drawing-scroll" tabindex="0" role="group" aria-label="Drawing of the tree">
        <svg
            class="drawing"
            role="img"
            aria-label="The tree, drawn. The outline says the same in words."
            width={(width + 40).to_string()}
            height={height.to_string()}
            viewBox={format!("0 0 {} {height}", width + 40)}
        >
            for link in &drawing.links {
                { edge(link).unwrap_or_default() }
            }
            for (node, ..) in &drawing.nodes {
                if let (Some((x, y)), Some(node_of)) = (place(*node), tree.nodes.get(*node)) {
                    <g
                        class={classes!("node", kind_name(&node_of.kind), (open == Some(*node)).then_some("open"), onopen.map(|_| "can-open"))}
                        onclick={onopen.map(|onopen| { let node = *node; onopen.reform(move |_: MouseEvent| node) })}
                    >
                        <title>{ node_of.title.clone() }</title>
                        <rect x={x.to_string()} y={y.to_string()} width={WIDTH.to_string()} height={HEIGHT.to_string()} rx="8" />
                        { words(&lines(&node_of.title), x + WIDTH / 2, y + HEIGHT / 2) }
                    </g>
                }
            }
        </svg>
        </div>
    }
}

fn words(lines: &[String], x: u32, middle: u32) -> Html {
    let first = if lines.len() > 1 { middle - 4 } else { middle + 4 };
    html! {
        for (index, line) in lines.iter().enumerate() {
            <text x={x.to_string()} y={(first + u32::try_from(index).unwrap_or(0) * 15).to_string()}>{ line }</text>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_fits_its_box() {
        assert_eq!(lines("Is it on?"), ["Is it on?"]);
        assert_eq!(
            lines("Is the printer switched on and ready to print today?"),
            ["Is the printer", "switched on and ready…"]
        );
        assert!(lines("").is_empty());
    }
}
