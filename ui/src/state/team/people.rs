//! Roles, members and their computers in words.

use chrono::{DateTime, Utc};
use mf_contract::members::{Device, Member};
use mf_domain::ids::DeviceId;
use mf_domain::role::Role;

/// All roles, the mightiest first.
pub const ROLES: [Role; 4] = [Role::Owner, Role::Manager, Role::Operator, Role::Readonly];

/// What a role is called.
#[must_use]
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::Manager => "Manager",
        Role::Operator => "Operator",
        Role::Readonly => "Read only",
    }
}

/// What somebody of that role may do.
#[must_use]
pub fn role_may(role: Role) -> &'static str {
    match role {
        Role::Owner => "Everything a manager does, and decides who belongs to the team and in which role.",
        Role::Manager => "Everything an operator does, and writes flows, schedules and blackout calendars.",
        Role::Operator => "Launches batches, works through sessions and keeps target lists.",
        Role::Readonly => "Sees everything of the team and changes nothing.",
    }
}

/// A role as a form names it.
#[must_use]
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Manager => "manager",
        Role::Operator => "operator",
        Role::Readonly => "readonly",
    }
}

/// How far somebody belongs to the team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// Since then, where that is known.
    Since(Option<DateTime<Utc>>),
    Invited,
    RemovedAt(DateTime<Utc>),
}

/// How far a member belongs to the team.
#[must_use]
pub fn belongs(member: &Member) -> Belongs {
    match member.removed_at {
        Some(at) => Belongs::RemovedAt(at),
        None if !member.has_joined => Belongs::Invited,
        None => Belongs::Since(member.devices.iter().filter_map(|device| device.joined_at).min()),
    }
}

/// The computers that have joined, and those that are only invited.
#[must_use]
pub fn computers(member: &Member) -> (usize, usize) {
    let joined = member.devices.iter().filter(|device| device.is_this || device.joined_at.is_some()).count();
    (joined, member.devices.len() - joined)
}

/// A computer's name: it has none of its own, so the beginning of its id tells two apart.
#[must_use]
pub fn device_name(id: DeviceId) -> String {
    let id = id.to_string();
    format!("Computer {}", id.get(..8).unwrap_or(&id))
}

/// The computers of the team with their members: this one first, then those that sent something last.
#[must_use]
pub fn devices<'a>(members: &'a [Member], mine: bool) -> Vec<(&'a Member, &'a Device)> {
    let of_member = |member: &'a Member| member.devices.iter().map(move |device| (member, device));
    let mut found: Vec<_> =
        members.iter().filter(|member| !mine || member.is_me).flat_map(of_member).collect();
    found.sort_by_key(|(_, device)| {
        std::cmp::Reverse((device.is_this, device.last_sent_at, device.joined_at))
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use mf_domain::ids::MemberId;
    use uuid::Uuid;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + hour * 3_600, 0).unwrap()
    }

    fn device(number: u128, joined: Option<i64>, sent: Option<i64>) -> Device {
        Device {
            id: DeviceId(Uuid::from_u128(number << 96)),
            is_this: number == 1,
            joined_at: joined.map(at),
            last_sent_at: sent.map(at),
        }
    }

    fn member(is_me: bool, devices: Vec<Device>) -> Member {
        Member {
            id: MemberId(Uuid::nil()),
            name: "Ada".to_owned(),
            role: Role::Owner,
            is_me,
            has_joined: true,
            removed_at: None,
            devices,
        }
    }

    #[test]
    fn a_member_belongs_since_the_first_computer_joined() {
        let ada =
            member(true, vec![device(1, Some(5), None), device(2, Some(3), None), device(3, None, None)]);
        assert_eq!(belongs(&ada), Belongs::Since(Some(at(3))));
        assert_eq!(computers(&ada), (2, 1));
        assert_eq!(belongs(&Member { has_joined: false, ..ada.clone() }), Belongs::Invited);
        assert_eq!(belongs(&Member { removed_at: Some(at(9)), ..ada }), Belongs::RemovedAt(at(9)));
    }

    #[test]
    fn this_computer_comes_first_and_then_who_sent_last() {
        let members = [
            member(false, vec![device(2, Some(1), Some(2)), device(3, Some(1), Some(8))]),
            member(true, vec![device(1, Some(1), None), device(4, None, None)]),
        ];
        let order = |mine| devices(&members, mine).iter().map(|(_, device)| device.id).collect::<Vec<_>>();
        let ids = |numbers: &[u128]| {
            numbers.iter().map(|number| DeviceId(Uuid::from_u128(number << 96))).collect::<Vec<_>>()
        };
        assert_eq!(order(false), ids(&[1, 3, 2, 4]));
        assert_eq!(order(true), ids(&[1, 4]));
        assert_eq!(device_name(ids(&[3])[0]), "Computer 00000003");
    }

    #[test]
    fn every_role_has_a_word_a_sentence_and_the_name_it_travels_under() {
        for role in ROLES {
            assert!(!role_word(role).is_empty() && role_may(role).ends_with('.'));
            assert_eq!(serde_json::to_value(role).unwrap(), role_name(role));
        }
    }
}
