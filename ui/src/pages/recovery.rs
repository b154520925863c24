//! The screen instead of everything else when the workspace file is damaged. Nothing happens by itself.

use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::Confirm;
use crate::components::icon::Icon;
use crate::state::call::use_call;
use crate::state::time;
use mf_contract::workspace::{BackupInfo, Health, RecoverWorkspace, Recovery as Action};
use yew::prelude::*;

/// Properties of [`Recovery`].
#[derive(Debug, Properties, PartialEq)]
pub struct RecoveryProps {
    pub reason: AttrValue,
    pub database_path: AttrValue,
    pub newest_backup: Option<BackupInfo>,
    pub onrecovered: Callback<Health>,
}

/// The screen.
#[component]
pub fn Recovery(props: &RecoveryProps) -> Html {
    use_effect_with((), |()| browser::mark_ready());
    let asked = use_state(|| None::<Action>);
    let recover = use_call::<RecoverWorkspace>({
        let (onrecovered, asked) = (props.onrecovered.clone(), asked.setter());
        Callback::from(move |health| {
            asked.set(None);
            onrecovered.emit(health);
        })
    });
    let ask = |action: Action| {
        let asked = asked.setter();
        Callback::from(move |()| asked.set(Some(action)))
    };
    let backup = props.newest_backup.as_ref().map(|backup| {
        let made = time::date_clock(time::in_viewer_zone(backup.made_at));
        (made, format!("{} ({} kB)", backup.file_name, time::grouped((backup.bytes / 1_000) as usize)))
    });
    let (title, action, body) = match (*asked, &backup) {
        (Some(Action::RestoreNewestBackup), Some((made, _))) => (
            "Restore the backup?",
            "Restore backup",
            format!(
                "The workspace goes back to {made}. What was done since is only in the damaged file, which is kept."
            ),
        ),
        _ => (
            "Start with an empty workspace?",
            "Start empty",
            "Flows, target lists and sessions will not be there. The damaged file is kept.".to_owned(),
        ),
    };
    let onconfirm = {
        let (recover, asked) = (recover.clone(), *asked);
        Callback::from(move |()| {
            if let Some(action) = asked {
                recover.run(RecoverWorkspace { action });
            }
        })
    };
    html! {
        <main class="fullscreen" data-testid="corrupt">
            <div class="fullscreen-card">
                <span class="tile amber" aria-hidden="true">{ Icon::Alert.svg() }</span>
                <h1>{ "The workspace file is damaged" }</h1>
                <p>{ format!("It cannot be read: {}", props.reason) }</p>
                <p>{ "Nothing was changed. Whatever you choose, the damaged file is kept beside the new one:" }</p>
                <p class="path mono selectable">{ &props.database_path }</p>
                if let Some((made, file)) = &backup {
                    <p class="muted">{ format!("The newest good backup is from {made}: {file}.") }</p>
                } else {
                    <p class="muted">{ "There is no backup of it on this computer." }</p>
                }
                <div class="row wrap">
                    if let Some((made, _)) = &backup {
                        <Button
                            tone={Tone::Primary}
                            icon={Icon::Retry}
                            onclick={ask(Action::RestoreNewestBackup)}
                            testid="restore-backup"
                        >
                            { format!("Restore newest backup ({made})") }
                        </Button>
                    }
                    <Button onclick={ask(Action::StartEmpty)} testid="start-empty">{ "Start with an empty workspace" }</Button>
                </div>
            </div>
            <Confirm
                id="recover"
                {title}
                {action}
                open={asked.is_some()}
                onclose={let asked = asked.setter(); move |()| asked.set(None)}
                {onconfirm}
                busy={recover.busy()}
                error={recover.error_elsewhere(&[]).map(AttrValue::from)}
                tone={Tone::Primary}
                testid="recover-confirm"
            >
                <p>{ body }</p>
            </Confirm>
        </main>
    }
}
