//! What is typed to make a team or to join one. Secrets stay in the form as long as its dialog is open, and nowhere else.

use crate::api::as_sentence;
use mf_contract::Confidential;
use mf_contract::members::InviteMember;
use mf_contract::workspaces::{CreateWorkspace, JoinWorkspace, PreviewWorkspace, SecretPlace};
use mf_domain::role::Role;
use mf_domain::text;
use yew::AttrValue;

/// The least length of a passphrase, in characters.
const PASSPHRASE: usize = 12;

/// What is wrong with a name.
fn name_error(name: &str, what: &str) -> Option<String> {
    text::name("name", name).err().map(|invalid| as_sentence(&format!("{what} {}", invalid.message)))
}

/// A passphrase, typed twice: nobody can read what they type.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Passphrase {
    pub first: AttrValue,
    pub again: AttrValue,
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

impl Passphrase {
    /// What is wrong with it, and with its repetition.
    #[must_use]
    pub fn errors(&self) -> [Option<String>; 2] {
        let short = self.first.chars().count() < PASSPHRASE;
        let other = !short && self.first != self.again;
        [
            short.then(|| format!("At least {PASSPHRASE} characters.")),
            other.then(|| "The two are not the same.".to_owned()),
        ]
    }

    fn given(&self, place: SecretPlace) -> Option<Confidential> {
        (place == SecretPlace::Passphrase).then(|| Confidential(self.first.to_string()))
    }
}

/// What makes a team.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CreateForm {
    pub connection: AttrValue,
    pub name: AttrValue,
    pub member_name: AttrValue,
    pub ca_pem: AttrValue,
    pub passphrase: Passphrase,
}

impl std::fmt::Debug for CreateForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreateForm").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What is wrong with the fields of a [`CreateForm`], in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreateErrors {
    pub connection: Option<String>,
    pub name: Option<String>,
    pub member_name: Option<String>,
    pub passphrase: [Option<String>; 2],
}

impl CreateForm {
    /// What is wrong before anybody is asked. The server knows the rest.
    #[must_use]
    pub fn errors(&self, place: SecretPlace) -> CreateErrors {
        let blank = self.connection.trim().is_empty();
        CreateErrors {
            connection: blank.then(|| "Say how to connect to the server.".to_owned()),
            name: name_error(&self.name, "the name"),
            member_name: name_error(&self.member_name, "your name"),
            passphrase: if place == SecretPlace::Passphrase {
                self.passphrase.errors()
            } else {
                [None, None]
            },
        }
    }

    fn ca_pem(&self) -> Option<String> {
        Some(self.ca_pem.trim().to_owned()).filter(|pem| !pem.is_empty())
    }

    /// The look at the server.
    #[must_use]
    pub fn preview(&self) -> PreviewWorkspace {
        PreviewWorkspace {
            connection: Confidential(self.connection.trim().to_owned()),
            name: self.name.trim().to_owned(),
            member_name: self.member_name.trim().to_owned(),
            ca_pem: self.ca_pem(),
        }
    }

    /// The making.
    #[must_use]
    pub fn create(&self, place: SecretPlace) -> CreateWorkspace {
        let PreviewWorkspace { connection, name, member_name, ca_pem } = self.preview();
        CreateWorkspace { connection, name, member_name, ca_pem, passphrase: self.passphrase.given(place) }
    }
}

/// What joins a team.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct JoinForm {
    pub invite: AttrValue,
    pub passphrase: Passphrase,
}

impl std::fmt::Debug for JoinForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JoinForm").finish_non_exhaustive()
    }
}

impl JoinForm {
    /// What is wrong with the invite, the passphrase and its repetition, before anybody is asked.
    #[must_use]
    pub fn errors(&self, place: SecretPlace) -> [Option<String>; 3] {
        let blank = self.invite.trim().is_empty();
        let [first, again] =
            if place == SecretPlace::Passphrase { self.passphrase.errors() } else { [None, None] };
        [blank.then(|| "Paste the invite.".to_owned()), first, again]
    }

    /// The request.
    #[must_use]
    pub fn request(&self, place: SecretPlace) -> JoinWorkspace {
        JoinWorkspace {
            invite: Confidential(self.invite.trim().to_owned()),
            passphrase: self.passphrase.given(place),
        }
    }
}

/// Whom to invite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteForm {
    pub name: AttrValue,
    pub role: Role,
}

impl Default for InviteForm {
    /// Whoever works, and may spoil nothing that others rely on.
    fn default() -> Self {
        Self { name: AttrValue::default(), role: Role::Operator }
    }
}

impl InviteForm {
    /// What is wrong with the name.
    #[must_use]
    pub fn name_error(&self) -> Option<String> {
        name_error(&self.name, "the name")
    }

    /// The request.
    #[must_use]
    pub fn request(&self) -> InviteMember {
        InviteMember { name: self.name.trim().to_owned(), role: self.role }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> CreateForm {
        CreateForm {
            connection: " postgres://admin:secret@db/mf ".into(),
            name: " Field team ".into(),
            member_name: "Ada".into(),
            ca_pem: " ".into(),
            passphrase: Passphrase { first: "correct horse battery".into(), again: "correct horse".into() },
        }
    }

    #[test]
    fn a_passphrase_is_asked_for_twice_and_only_where_there_is_no_keychain() {
        assert_eq!(form().errors(SecretPlace::Keychain), CreateErrors::default());
        assert_eq!(form().create(SecretPlace::Keychain).passphrase, None);
        let errors = form().errors(SecretPlace::Passphrase).passphrase;
        assert_eq!(errors, [None, Some("The two are not the same.".to_owned())]);
        let short = Passphrase { first: "horse".into(), again: "horse".into() };
        assert_eq!(short.errors(), [Some("At least 12 characters.".to_owned()), None]);
        let given = form().create(SecretPlace::Passphrase).passphrase;
        assert_eq!(given, Some(Confidential("correct horse battery".to_owned())));
    }

    #[test]
    fn what_is_sent_is_trimmed_and_what_is_left_out_is_not_sent() {
        let request = form().preview();
        assert_eq!((request.name.as_str(), request.ca_pem), ("Field team", None));
        assert_eq!(request.connection.text(), "postgres://admin:secret@db/mf");
    }

    #[test]
    fn what_is_missing_is_told_at_its_field() {
        let errors = CreateForm::default().errors(SecretPlace::File);
        assert_eq!(errors.name.as_deref(), Some("The name must not be empty."));
        assert_eq!(errors.member_name.as_deref(), Some("Your name must not be empty."));
        assert!(errors.connection.is_some());
        assert!(JoinForm::default().errors(SecretPlace::Keychain)[0].is_some());
        assert!(InviteForm::default().name_error().is_some());
    }

    #[test]
    fn no_secret_is_ever_printed() {
        let join = JoinForm { invite: "secret".into(), passphrase: form().passphrase };
        let printed = format!("{:?} {join:?}", form());
        assert!(!printed.contains("secret") && !printed.contains("horse"), "{printed}");
    }
}
