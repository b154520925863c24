//! Whose something is, for the person at this window.

use mf_domain::ids::MemberId;

/// Whose work a session is, or who did something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    #[default]
    Nobody,
    Mine,
    /// A colleague's.
    Other,
}

impl Whose {
    /// Whose it is for the person at this window; a colleague's as long as that is not known.
    #[must_use]
    pub fn of(assignee: Option<MemberId>, me: Option<MemberId>) -> Self {
        match assignee {
            None => Self::Nobody,
            Some(member) if Some(member) == me => Self::Mine,
            Some(_) => Self::Other,
        }
    }

    /// Whose it is, in a word or two.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Nobody => "Unassigned",
            Self::Mine => "Yours",
            Self::Other => "A colleague's",
        }
    }

    /// Who did something: `by you`.
    #[must_use]
    pub fn by(self) -> &'static str {
        match self {
            Self::Nobody => "",
            Self::Mine => "by you",
            Self::Other => "by a colleague",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn it_is_mine_only_once_i_am_known() {
        let me = MemberId(Uuid::from_u128(7));
        assert_eq!(Whose::of(None, Some(me)), Whose::Nobody);
        assert_eq!(Whose::of(Some(me), Some(me)), Whose::Mine);
        assert_eq!(Whose::of(Some(me), Some(MemberId(Uuid::nil()))), Whose::Other);
        assert_eq!(Whose::of(Some(me), None), Whose::Other);
    }
}
