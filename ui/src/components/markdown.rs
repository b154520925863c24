//! Markdown as Yew nodes, never as HTML text: raw HTML is dropped, with what stands in a script or a style; links open outside and only to http, https and mailto.
//!
//! The text is parsed before variables are filled in, so a value is always text and can bring no markup along.

use super::icon::Icon;
use crate::browser;
use mf_domain::flow::variables::{self, Segment, Variables};
use mf_domain::intake::Answers;
use mf_domain::targets::Target;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, TextMergeStream};
use std::rc::Rc;
use yew::prelude::*;
use yew::virtual_dom::VNode;

/// What `{{variables}}` are filled with.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Filling {
    /// Nothing: they are shown by name, as the author wrote them.
    #[default]
    Names,
    /// What a session knows; an unknown one is marked.
    Values { target: Option<Target>, answers: Rc<Answers> },
}

/// Properties of [`Markdown`].
#[derive(Debug, Properties, PartialEq)]
pub struct MarkdownProps {
    pub text: AttrValue,
    #[prop_or_default]
    pub filling: Filling,
}

/// A text in Markdown.
#[component]
pub fn Markdown(props: &MarkdownProps) -> Html {
    let nodes =
        use_memo((props.text.clone(), props.filling.clone()), |(text, filling)| render(text, filling));
    html! { <div class="md">{ (*nodes).clone() }</div> }
}

/// A single line with its variables filled in, such as a step's title.
pub fn inline(text: &str, filling: &Filling) -> Html {
    let mut nodes = Vec::new();
    push_text(&mut nodes, text, filling);
    nodes.into_iter().collect()
}

struct Open {
    tag: Tag<'static>,
    children: Vec<VNode>,
    /// An item with a box to tick.
    task: bool,
}

fn render(text: &str, filling: &Filling) -> Html {
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let mut stack: Vec<Open> = Vec::new();
    let mut top: Vec<VNode> = Vec::new();
    let mut in_head = false;
    // The element in the line whose text nobody is meant to read.
    let mut mute: Option<&'static str> = None;
    for event in TextMergeStream::new(Parser::new_ext(text, options)) {
        if let Some(name) = mute {
            if matches!(&event, Event::InlineHtml(tag) if names(tag, "</", name)) || !is_inline(&event) {
                mute = None;
            } else {
                continue;
            }
        }
        let children = match stack.last_mut() {
            Some(open) => &mut open.children,
            None => &mut top,
        };
        match event {
            Event::Start(tag) => {
                in_head |= matches!(tag, Tag::TableHead);
                stack.push(Open { tag: tag.into_static(), children: Vec::new(), task: false });
            }
            Event::End(end) => {
                let Some(open) = stack.pop() else { continue };
                let node = close(open, in_head, filling);
                in_head &= !matches!(end, TagEnd::TableHead);
                match stack.last_mut() {
                    Some(parent) => parent.children.push(node),
                    None => top.push(node),
                }
            }
            Event::Text(text) => push_text(children, &text, filling),
            Event::Code(code) => {
                let mut inside = Vec::new();
                push_text(&mut inside, &code, filling);
                children.push(html! { <code>{ inside.into_iter().collect::<Html>() }</code> });
            }
            Event::SoftBreak => children.push(html! { { " " } }),
            Event::HardBreak => children.push(html! { <br /> }),
            Event::Rule => children.push(html! { <hr /> }),
            Event::TaskListMarker(done) => {
                let (icon, word) = if done { (Icon::BoxTicked, "done: ") } else { (Icon::Box, "to do: ") };
                children.push(html! { <>{ icon.svg() }<span class="visually-hidden">{ word }</span></> });
                if let Some(item) = stack.iter_mut().rev().find(|open| matches!(open.tag, Tag::Item)) {
                    item.task = true;
                }
            }
            Event::InlineHtml(tag) => mute = MUTE.into_iter().find(|name| names(&tag, "<", name)),
            // Blocks of raw HTML and what needs an extension that is off.
            Event::Html(_) | Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }
    // A text cut off by a limit may leave elements open; what they hold is shown all the same.
    while let Some(open) = stack.pop() {
        let node = close(open, in_head, filling);
        match stack.last_mut() {
            Some(parent) => parent.children.push(node),
            None => top.push(node),
        }
    }
    top.into_iter().collect()
}

/// Elements whose text is for the machine.
const MUTE: [&str; 4] = ["script", "style", "template", "title"];

/// Whether a tag opens (`<`) or closes (`</`) an element.
fn names(tag: &str, start: &str, name: &str) -> bool {
    let rest = tag.strip_prefix(start).unwrap_or_default();
    let after = rest.get(name.len()..).unwrap_or_default();
    rest.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name))
        && !after.starts_with(|letter: char| letter.is_alphanumeric())
        && !after.ends_with("/>")
}

/// What may stand within a line. An element that is never closed ends with it.
fn is_inline(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Text(_) | Event::Code(_) | Event::InlineHtml(_) | Event::SoftBreak | Event::HardBreak
    )
}

fn close(open: Open, in_head: bool, filling: &Filling) -> VNode {
    let inside: Html = open.children.into_iter().collect();
    match open.tag {
        Tag::Paragraph => html! { <p>{ inside }</p> },
        // Below the page's own headings.
        Tag::Heading { level, .. } if level <= pulldown_cmark::HeadingLevel::H2 => {
            html! { <h3>{ inside }</h3> }
        }
        Tag::Heading { .. } => html! { <h4>{ inside }</h4> },
        Tag::BlockQuote(_) => html! { <blockquote>{ inside }</blockquote> },
        Tag::CodeBlock(kind) => {
            let language = match kind {
                CodeBlockKind::Fenced(language) if !language.is_empty() => Some(language.to_string()),
                _ => None,
            };
            html! { <pre tabindex="0" data-language={language}><code>{ inside }</code></pre> }
        }
        Tag::List(Some(start)) => html! { <ol start={start.to_string()}>{ inside }</ol> },
        Tag::List(None) => html! { <ul>{ inside }</ul> },
        Tag::Item => html! { <li class={open.task.then_some("task")}>{ inside }</li> },
        Tag::Emphasis => html! { <em>{ inside }</em> },
        Tag::Strong => html! { <strong>{ inside }</strong> },
        Tag::Strikethrough => html! { <s>{ inside }</s> },
        Tag::Link { dest_url, .. } => link(&fill(&dest_url, filling), inside),
        // Pictures would have to be fetched; their description is what is left of them.
        Tag::Image { .. } => html! { <em>{ inside }</em> },
        Tag::Table(_) => html! { <div class="table-scroll"><table><tbody>{ inside }</tbody></table></div> },
        Tag::TableHead | Tag::TableRow => html! { <tr>{ inside }</tr> },
        Tag::TableCell if in_head => html! { <th scope="col">{ inside }</th> },
        Tag::TableCell => html! { <td>{ inside }</td> },
        // Blocks of raw HTML hold no text events; all others are extensions that are off.
        _ => inside,
    }
}

fn fill(text: &str, filling: &Filling) -> String {
    match filling {
        Filling::Names => text.to_owned(),
        Filling::Values { target, answers } => Variables { target: target.as_ref(), answers }.fill(text),
    }
}

fn link(url: &str, inside: Html) -> Html {
    let allowed = ["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    if !allowed {
        return inside;
    }
    let url = AttrValue::from(url.to_owned());
    let outside = url.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        event.prevent_default();
        browser::open_outside(&outside);
    });
    html! { <a href={url.clone()} title={url} rel="noreferrer" {onclick}>{ inside }</a> }
}

fn push_text(nodes: &mut Vec<VNode>, text: &str, filling: &Filling) {
    let segments = match filling {
        Filling::Names => variables::segments(text, |_| None),
        Filling::Values { target, answers } => Variables { target: target.as_ref(), answers }.segments(text),
    };
    for segment in segments {
        nodes.push(match segment {
            Segment::Text(text) => VNode::from(text.to_owned()),
            Segment::Known { name, value } => {
                html! { <span class="var" title={name.to_owned()}>{ value }</span> }
            }
            Segment::Unknown { written, .. } if *filling == Filling::Names => {
                html! { <span class="var">{ written.to_owned() }</span> }
            }
            Segment::Unknown { written, .. } => {
                html! {
                    <span class="var unknown" title="Nothing is known under this name">{ written.to_owned() }</span>
                }
            }
        });
    }
}
