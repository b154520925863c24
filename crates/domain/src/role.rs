//! What a member of a workspace may do.

use serde::{Deserialize, Serialize};

/// A member's role, from least to most. The order is the permission: a role may do all a lesser one may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees everything of the team, changes nothing.
    Readonly,
    /// Runs sessions, launches batches, keeps target lists.
    Operator,
    /// Also flows, schedules, windows, automations and integrations.
    Manager,
    /// Also members, roles and the workspace itself.
    Owner,
}

impl Role {
    /// Whether this role may do what `needed` may.
    #[must_use]
    pub fn allows(self, needed: Role) -> bool {
        self >= needed
    }
}

#[cfg(test)]
mod tests {
    use super::Role::*;

    #[test]
    fn each_role_allows_what_lesser_roles_do() {
        let order = [Readonly, Operator, Manager, Owner];
        for (i, role) in order.into_iter().enumerate() {
            for (j, needed) in order.into_iter().enumerate() {
                assert_eq!(role.allows(needed), j <= i, "{role:?} for {needed:?}");
            }
        }
    }
}
