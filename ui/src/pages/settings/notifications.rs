//! What is told, where, and whether the desktop shows it.

use super::{Section, SettingsFrame};
use crate::api;
use crate::browser;
use crate::components::button::Button;
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::trouble::trouble;
use crate::route::Route;
use crate::state::call::use_call;
use mf_contract::notifications::{TestNotification, TestedNotification};
use yew::prelude::*;

/// What arrives: the occasion, and whether the desktop tells it, too.
const TOLD: [(&str, &str, bool); 6] = [
    (
        "A run is ready",
        "A schedule came due and its sessions were created. A click leads to the batch.",
        true,
    ),
    (
        "A missed run asks",
        "Its schedule leaves it to a person whether it still runs: say so, or let it be.",
        true,
    ),
    (
        "A run comes soon",
        "Its schedule asks for a notice so many minutes before. A click leads to the flow.",
        true,
    ),
    (
        "A run is still open",
        "Its schedule names an hour by which it should be finished. A click leads to the batch.",
        true,
    ),
    (
        "Runs were missed",
        "Nobody was there to run them until their grace had passed, or they could not be started.",
        false,
    ),
    (
        "Runs were kept back",
        "They lay outside the hours of their schedule or in a blackout, as it asks. Told once a day for each schedule.",
        false,
    ),
];

/// The section.
#[component]
pub fn NotificationSettings() -> Html {
    let tested = use_state(|| None::<TestedNotification>);
    let test = use_call::<TestNotification>({
        let tested = tested.setter();
        Callback::from(move |answer| tested.set(Some(answer)))
    });
    use_effect_with((), |()| browser::mark_ready());
    let onclick = {
        let (test, tested) = (test.clone(), tested.setter());
        Callback::from(move |()| {
            tested.set(None);
            test.run(TestNotification {});
        })
    };
    html! {
        <SettingsFrame section={Section::Notifications}>
            <div class="page-head"><h1>{ "Notifications" }</h1></div>
            <div class="col-l">
                <section class="card flat" aria-label="What is told">
                    <table class="table-wide">
                        <thead>
                            <tr>
                                <th scope="col">{ "When" }</th>
                                <th scope="col">{ "Notification centre" }</th>
                                <th scope="col">{ "Desktop" }</th>
                            </tr>
                        </thead>
                        <tbody class="rows">
                            for (title, text, on_desktop) in TOLD {
                                <tr>
                                    <td class="fill wraps"><div class="strong">{ title }</div><div class="small muted">{ text }</div></td>
                                    <td>{ told(true) }</td>
                                    <td>{ told(on_desktop) }</td>
                                </tr>
                            }
                        </tbody>
                    </table>
                </section>
                <p class="muted">
                    { "The " }<To route={Route::Notifications}>{ "notification centre" }</To>
                    { " has everything, whatever the desktop does with it. More than a few runs at once become one desktop notification. " }
                    { "They arrive while the program runs; closing the window leaves it in the tray, where it goes on." }
                </p>
                <section class="card col" aria-label="Test">
                    <header><h2>{ "Does this desktop show them?" }</h2></header>
                    <div class="row">
                        <Button icon={Icon::Bell} busy={test.busy()} {onclick} testid="test-notification">{ "Send test notification" }</Button>
                    </div>
                    <div role="status" data-testid="test-result">
                        if let Some(tested) = *tested {
                            { outcome(tested) }
                        }
                    </div>
                    if let Some(error) = test.error() {
                        { trouble(api::sentence(error), None) }
                    }
                </section>
            </div>
        </SettingsFrame>
    }
}

fn told(told: bool) -> Html {
    if told {
        html! { <span class="row">{ Icon::Check.svg_with("tone-green") }{ "Yes" }</span> }
    } else {
        html! { <span class="muted">{ "No" }</span> }
    }
}

fn outcome(tested: TestedNotification) -> Html {
    let (icon, text) = if tested.handed_over {
        (
            Icon::Check.svg_with("tone-green"),
            "Handed to the desktop. If nothing showed, look into its own settings: “do not disturb” may be on, or this program switched off there.",
        )
    } else {
        (
            Icon::Alert.svg_with("tone-amber"),
            "There is no desktop to hand it to from here: this is a browser, not the window of the program.",
        )
    };
    html! { <p class="row">{ icon }<span>{ text }</span></p> }
}
