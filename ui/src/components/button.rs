//! Buttons. A busy button keeps its place and its name, says that it is busy and ignores clicks.

use super::icon::Icon;
use yew::prelude::*;

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Plain,
    Primary,
    Danger,
    Ghost,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Primary => "primary",
            Self::Danger => "danger",
            Self::Ghost => "ghost",
        }
    }
}

/// Properties of [`Button`].
#[derive(Debug, Properties, PartialEq)]
pub struct ButtonProps {
    #[prop_or_default]
    pub children: Html,
    #[prop_or_default]
    pub tone: Tone,
    #[prop_or_default]
    pub icon: Option<Icon>,
    #[prop_or_default]
    pub small: bool,
    #[prop_or_default]
    pub onclick: Callback<()>,
    #[prop_or_default]
    pub testid: Option<AttrValue>,
    /// The key that does the same, shown in the button.
    #[prop_or_default]
    pub keys: Option<AttrValue>,
    #[prop_or_default]
    pub busy: bool,
    #[prop_or_default]
    pub disabled: bool,
    /// Submits the form around it.
    #[prop_or_default]
    pub submit: bool,
    /// The accessible name, for a button that shows only an icon.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    #[prop_or_default]
    pub id: Option<AttrValue>,
    #[prop_or_default]
    pub autofocus: bool,
}

/// A button.
#[component]
pub fn Button(props: &ButtonProps) -> Html {
    let idle = !props.busy && !props.disabled;
    let onclick = props.onclick.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        if idle {
            onclick.emit(());
        } else {
            // A submit button that is busy must not submit again.
            event.prevent_default();
        }
    });
    let icon_only = props.label.is_some();
    let icon = if props.busy { Some(Icon::Spinner.svg_with("spin")) } else { props.icon.map(Icon::svg) };
    html! {
        <button
            type={if props.submit { "submit" } else { "button" }}
            id={props.id.clone()}
            class={classes!("btn", props.tone.class(), props.small.then_some("small"), icon_only.then_some("icon"))}
            {onclick}
            aria-disabled={(!idle).then_some("true")}
            aria-busy={props.busy.then_some("true")}
            aria-label={props.label.clone()}
            title={props.label.clone()}
            aria-keyshortcuts={props.keys.clone()}
            autofocus={props.autofocus}
            data-testid={props.testid.clone()}
        >
            { icon }
            { props.children.clone() }
            if let Some(keys) = &props.keys {
                <kbd aria-hidden="true">{ keys }</kbd>
            }
        </button>
    }
}
