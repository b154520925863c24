//! What went wrong, in words, where it went wrong.

use super::button::Button;
use super::icon::Icon;
use yew::prelude::*;

/// What went wrong with no field of its own, if anything did.
pub fn trouble_elsewhere(text: Option<String>) -> Html {
    text.map(|text| trouble(text, None)).unwrap_or_default()
}

/// An error with what can be done about it.
pub fn trouble(text: impl Into<AttrValue>, retry: Option<Callback<()>>) -> Html {
    let text: AttrValue = text.into();
    html! {
        <div class="trouble" role="alert" data-testid="trouble">
            { Icon::Alert.svg() }
            <p class="grow">{ text }</p>
            if let Some(onclick) = retry {
                <Button small=true icon={Icon::Retry} {onclick} testid="retry">{ "Retry" }</Button>
            }
        </div>
    }
}
