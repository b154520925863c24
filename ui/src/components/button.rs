//! Buttons. A busy button keeps its place and its name, says that it is busy and ignores clicks.

use super::icon::Icon;
use mf_domain::role::Role;
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
    /// Changes something, or leads to it: at rest in a workspace that cannot be written to, and not there for a role below
    /// `needs`.
    #[prop_or_default]
    pub writes: bool,
    /// The least role that may do what the button does, where it `writes`.
    #[prop_or(Role::Operator)]
    pub needs: Role,
    /// Opens what has this id; `aria-controls`.
    #[prop_or_default]
    pub expanded: Option<bool>,
    #[prop_or_default]
    pub pressed: Option<bool>,
}

/// What may be changed in this workspace; told by the shell around the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct May {
    /// Its file can only be looked at.
    pub read_only: bool,
    /// What the person is in it.
    pub role: Role,
}

impl Default for May {
    /// Where nothing else is known: the engine refuses what may not be.
    fn default() -> Self {
        Self { read_only: false, role: Role::Owner }
    }
}

impl May {
    /// Whether somebody may do at all what needs a role.
    #[must_use]
    pub fn offers(self, needs: Role) -> bool {
        self.role.allows(needs)
    }

    /// Whether what needs a role can be done now.
    #[must_use]
    pub fn write(self, needs: Role) -> bool {
        !self.read_only && self.offers(needs)
    }
}

fn yes_or_no(flag: Option<bool>) -> Option<&'static str> {
    flag.map(|flag| if flag { "true" } else { "false" })
}

/// A key as `aria-keyshortcuts` writes it: `Ctrl S` is `Control+S`, `Esc` is `Escape`.
fn shortcut(keys: &str) -> String {
    let keys = keys.split_whitespace().map(|key| match key {
        "Ctrl" => "Control",
        "Esc" => "Escape",
        key => key,
    });
    keys.collect::<Vec<_>>().join("+")
}

/// A button.
#[component]
pub fn Button(props: &ButtonProps) -> Html {
    let may = use_context::<May>().unwrap_or_default();
    let kept_from = props.writes && may.read_only;
    let idle = !props.busy && !props.disabled && !kept_from;
    let onclick = props.onclick.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        if idle {
            onclick.emit(());
        } else {
            // A submit button that is busy must not submit again.
            event.prevent_default();
        }
    });
    if props.writes && !may.offers(props.needs) {
        return Html::default();
    }
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
            aria-expanded={yes_or_no(props.expanded)}
            aria-haspopup={props.expanded.map(|_| "menu")}
            aria-pressed={yes_or_no(props.pressed)}
            title={if kept_from { Some(AttrValue::Static("Nothing can be changed in this workspace")) } else { props.label.clone() }}
            aria-keyshortcuts={props.keys.as_deref().map(shortcut)}
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_offered_what_it_may_do_and_a_file_that_is_protected_keeps_everybody_from_it() {
        let operator = May { role: Role::Operator, ..May::default() };
        assert!(operator.write(Role::Operator) && !operator.offers(Role::Manager));
        let protected = May { read_only: true, ..May::default() };
        assert!(protected.offers(Role::Owner) && !protected.write(Role::Operator));
    }

    #[test]
    fn keys_are_named_as_screen_readers_know_them() {
        assert_eq!(["Ctrl S", "Esc", "Enter", "F"].map(shortcut), ["Control+S", "Escape", "Enter", "F"]);
    }
}
