//! Who gets in, and who does not any more.

use crate::cluster::{Team, certificates, cluster, id, verifier};
use crate::rows::{send, stamp, target_list};
use mf_domain::ids::{DeviceId, MemberId};
use mf_domain::role::Role;
use mf_sync::core::cursor::Marks;
use mf_sync::exchange::{Page, Pulled, Sender, pull, push};
use mf_sync::server::Protection;
use mf_sync::{SyncError, members};

#[tokio::test]
async fn a_stranger_behind_the_same_address_is_not_talked_to() {
    let team = Team::new().await;
    let with = |protection| mf_sync::server::Place { protection, ..team.owner.place.clone() };
    assert!(team.owner.place.connect().await.is_ok());
    let (other_authority, _, _) = certificates();
    let wrong = with(Protection::Tls { authority: Some(other_authority) }).connect().await;
    assert!(matches!(wrong, Err(SyncError::Untrusted(_))), "{wrong:?}");
    let public_only = with(Protection::Tls { authority: None }).connect().await;
    assert!(matches!(public_only, Err(SyncError::Untrusted(_))), "{public_only:?}");
    // The same machine, and not the name in the certificate.
    let mut misnamed = team.owner.place.clone();
    misnamed.host = "localhost".into();
    let misnamed = misnamed.connect().await;
    assert!(matches!(misnamed, Err(SyncError::Untrusted(_))), "{misnamed:?}");
}

#[tokio::test]
async fn an_invite_is_good_for_one_device_and_shows_nothing_before() {
    let team = Team::new().await;
    let mut owner = team.owner.connect().await;
    let device = DeviceId(id());
    let login =
        members::invite(&mut owner, (MemberId(id()), "New"), Role::Operator, device, &verifier("invited"))
            .await
            .expect("invites");
    let invited = cluster().place(&team.database, &login, "invited");
    let mut conn = invited.connect().await.expect("the first time");
    let before = pull(&mut conn, Marks::default()).await;
    assert!(matches!(before, Err(SyncError::Forbidden(_))), "{before:?}");
    members::rotate(&mut conn, &verifier("own")).await.expect("rotates");
    assert!(matches!(pull(&mut conn, Marks::default()).await, Ok(Pulled::Page(_))));

    let again = invited.connect().await;
    assert!(matches!(again, Err(SyncError::NotLetIn(_))), "{again:?}");
    assert!(cluster().place(&team.database, &login, "own").connect().await.is_ok());
}

#[tokio::test]
async fn only_verifiers_are_taken_for_passwords() {
    let team = Team::new().await;
    let mut conn = team.owner.connect().await;
    for bad in [
        "secret",
        "",
        "SCRAM-SHA-256$4096:x$y:z",
        "md5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "x' SUPERUSER PASSWORD 'y",
    ] {
        assert!(members::rotate(&mut conn, bad).await.is_err(), "{bad}");
    }
    assert!(members::rotate(&mut conn, &verifier("other")).await.is_ok());
}

#[tokio::test]
async fn a_removed_member_is_out_at_once() {
    let team = Team::new().await;
    let (gone, stays) = (team.join(Role::Manager).await, team.join(Role::Manager).await);
    let (mut theirs, mut others, mut owner) =
        (gone.connect().await, stays.connect().await, team.owner.connect().await);
    let row = target_list(id(), stamp(&gone, 1), "Before");
    send(&mut theirs, &gone, std::slice::from_ref(&row)).await;
    members::remove(&mut owner, gone.member).await.expect("removes");

    let sender = Sender { device: gone.device, marks: Marks::default(), seen_until: None, previous: None };
    let late = push(&mut theirs, &sender, id(), &[target_list(id(), stamp(&gone, 2), "After")]).await;
    assert!(matches!(late, Err(SyncError::Unreachable(_) | SyncError::Forbidden(_))), "{late:?}");
    assert!(gone.place.connect().await.is_err());
    send(&mut others, &stays, &[target_list(id(), stamp(&stays, 1), "Still here")]).await;
    let Ok(Pulled::Page(Page { rows, .. })) = pull(&mut others, Marks::default()).await else {
        panic!("a page")
    };
    assert_eq!(rows.len(), 2, "what was done before stays, and nothing came after");
}

#[tokio::test]
async fn the_last_owner_stays() {
    let team = Team::new().await;
    let other = team.join(Role::Manager).await;
    let mut owner = team.owner.connect().await;
    let me = team.owner.member;
    assert!(matches!(members::set_role(&mut owner, me, Role::Manager).await, Err(SyncError::LastOwner)));
    assert!(matches!(members::remove(&mut owner, me).await, Err(SyncError::LastOwner)));
    members::set_role(&mut owner, other.member, Role::Owner).await.expect("a second owner");
    members::remove(&mut owner, me).await.expect("leaves");
    let after = pull(&mut owner, Marks::default()).await;
    assert!(matches!(after, Err(SyncError::Forbidden(_))), "{after:?}");
}

#[tokio::test]
async fn two_laptops_of_one_person_are_two_devices() {
    let team = Team::new().await;
    let person = team.join(Role::Operator).await;
    let stranger = team.join(Role::Operator).await;
    let (mut first, mut theirs) = (person.connect().await, stranger.connect().await);
    let device = DeviceId(id());
    let refused = members::add_device(&mut theirs, person.member, DeviceId(id()), &verifier("x")).await;
    assert!(matches!(refused, Err(SyncError::Forbidden(_))), "{refused:?}");
    let login =
        members::add_device(&mut first, person.member, device, &verifier("second")).await.expect("adds");
    let mut second = cluster().place(&team.database, &login, "second").connect().await.expect("logs in");
    members::rotate(&mut second, &verifier("own")).await.expect("rotates");
    // Each speaks for itself alone.
    let sender = Sender { device: person.device, marks: Marks::default(), seen_until: None, previous: None };
    assert!(matches!(push(&mut second, &sender, id(), &[]).await, Err(SyncError::Forbidden(_))));
    assert!(push(&mut second, &Sender { device, ..sender }, id(), &[]).await.is_ok());
}
