//! An invite that was made: shown this once.

use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::datetime::{Shown, When};
use crate::components::dialog::Dialog;
use crate::components::icon::Icon;
use crate::state::call::{use_call, use_told};
use crate::state::toasts::use_toasts;
use mf_contract::members::{Invite, InviteDevice, Member};
use yew::prelude::*;

/// An invite, and whom it is for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Handed {
    pub(super) name: String,
    pub(super) invite: Invite,
    /// For another computer of one's own.
    pub(super) is_me: bool,
}

/// Invites another computer of a member.
#[hook]
pub(super) fn use_invite_device(onhanded: Callback<Handed>) -> Callback<Member> {
    let asked = use_mut_ref(|| None::<Member>);
    let invite = use_call::<InviteDevice>({
        let asked = asked.clone();
        Callback::from(move |invite: Invite| {
            if let Some(member) = asked.borrow_mut().take() {
                onhanded.emit(Handed { name: member.name, invite, is_me: member.is_me });
            }
        })
    });
    use_told(invite.error());
    Callback::from(move |member: Member| {
        let id = (!member.is_me).then_some(member.id);
        *asked.borrow_mut() = Some(member);
        invite.run(InviteDevice { id });
    })
}

#[derive(Properties, PartialEq)]
pub(super) struct InvitedDialogProps {
    pub(super) handed: Option<Handed>,
    pub(super) onclose: Callback<()>,
}

/// The dialog that shows it. Closed, nobody can read it again.
#[component]
pub(super) fn InvitedDialog(props: &InvitedDialogProps) -> Html {
    let copied = use_state(|| false);
    let toasts = use_toasts();
    {
        let copied = copied.setter();
        use_effect_with(props.handed.is_some(), move |_| copied.set(false));
    }
    let Some(handed) = &props.handed else {
        return html! { <Dialog id="invited" title="The invite" open=false onclose={props.onclose.clone()} foot={Html::default()}>{ Html::default() }</Dialog> };
    };
    let oncopy = {
        let (text, copied) = (handed.invite.invite.clone(), copied.setter());
        Callback::from(move |()| {
            let (text, copied, toasts) = (text.clone(), copied.clone(), toasts.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let done = browser::copy(text.text()).await;
                copied.set(done);
                if let Some(toasts) = toasts.filter(|_| !done) {
                    toasts.refused("The clipboard is not to be had here; the text can be selected.");
                }
            });
        })
    };
    let whom = if handed.is_me { "another computer of yours".to_owned() } else { handed.name.clone() };
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()} testid="invited-close">{ "Close" }</Button>
            <Button
                tone={Tone::Primary}
                icon={if *copied { Icon::Check } else { Icon::Copy }}
                onclick={oncopy}
                autofocus=true
                testid="copy-invite"
            >
                { if *copied { "Copied" } else { "Copy" } }
            </Button>
        </>
    };
    html! {
        <Dialog
            id="invited"
            title={format!("An invite for {whom}")}
            open=true
            onclose={props.onclose.clone()}
            {foot}
            testid="invited"
        >
            <p class="row">{ Icon::Alert.svg_with("tone-amber") }<b>{ "It is shown this once and kept nowhere." }</b></p>
            <p class="muted">
                { "Hand it over in confidence: whoever has it can join. Good for one computer, until " }
                <When at={handed.invite.expires_at} />{ " (" }<When at={handed.invite.expires_at} shown={Shown::Relative} />{ ")." }
            </p>
            <pre class="evidence-text selectable" tabindex="0" aria-label="The invite" data-testid="invite-text">{ handed.invite.invite.text() }</pre>
        </Dialog>
    }
}
