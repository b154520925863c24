//! A change carried out: the one place where rows of others are written.

use super::{Change, Changed};
use crate::core::merge::rank;
use crate::core::replica::Local;
use crate::core::row::{Key, Row};
use mf_store::synced::{self, Taken};
use mf_store::{StoreError, Write};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Writes rows and hides those that go. What does not fit, and what names a row that is not there, is kept aside: one row
/// that this release cannot hold keeps no other from coming.
pub(super) async fn carry_out(write: &mut Write, change: Change) -> Result<Changed, StoreError> {
    if let Some(greatest) = &change.greatest {
        write.observe(greatest);
    }
    let Change { take, gone, before, looked_at, .. } = change;
    let came: BTreeSet<&Key> = take.iter().map(|taken| &taken.row.key).collect();
    let named: BTreeSet<Key> =
        take.iter().flat_map(|taken| taken.row.parents()).filter(|key| !came.contains(key)).collect();
    let named: Vec<Key> = named.into_iter().collect();
    let there = synced::present(write.conn(), &named).await?;
    let mut absent: BTreeSet<Key> = named.into_iter().filter(|key| !there.contains(key)).collect();
    let mut lacking: BTreeSet<Key> = BTreeSet::new();
    loop {
        // What names a row that is not there is not written at all: a hidden row stays as it is, for those that name it.
        lack_parents(&take, &before, &mut absent, &mut lacking);
        let fit = take.iter().filter(|taken| !lacking.contains(&taken.row.key));
        let fit: Vec<Taken> = fit.cloned().collect();
        write.mark().await?;
        let unfit = synced::put(write, &fit).await?;
        if unfit.is_empty() {
            write.pass_mark().await?;
            break;
        }
        // What names those is written by now, too: all of it again, without them.
        write.return_to_mark().await?;
        absent.extend(unfit.iter().filter(|key| !before.contains_key(key)).cloned());
        lacking.extend(unfit);
    }
    // What came of a refusal may be the lesser copy. The kept one is to replace the local one all the same.
    let outranks = |taken: &&Taken| {
        lacking.contains(&taken.row.key)
            && before.get(&taken.row.key).is_some_and(|local| rank(&local.row, &taken.row) != Ordering::Less)
    };
    let hidden: Vec<Key> = take.iter().filter(outranks).map(|taken| taken.row.key.clone()).collect();
    let (fit, unfit): (Vec<Taken>, Vec<Taken>) =
        take.into_iter().partition(|taken| !lacking.contains(&taken.row.key));
    let taken: Vec<Key> = fit.into_iter().map(|taken| taken.row.key).collect();
    let kept: Vec<Row> = unfit.into_iter().map(|taken| taken.row).collect();
    synced::keep(write, &kept, if looked_at.is_empty() { &taken } else { &looked_at }).await?;
    synced::hide(write, &hidden).await?;
    synced::hide(write, &gone).await?;
    synced::remove_what_is_hidden(write).await?;
    Ok(Changed { taken, gone, kept: kept.into_iter().map(|row| row.key).collect(), refused: 0 })
}

/// Adds to `lacking` what names a row that is absent, and to `absent` what is not there without it.
fn lack_parents(
    take: &[Taken],
    before: &BTreeMap<Key, Local>,
    absent: &mut BTreeSet<Key>,
    lacking: &mut BTreeSet<Key>,
) {
    loop {
        let known = lacking.len();
        for taken in take {
            if taken.row.parents().any(|parent| absent.contains(&parent)) {
                lacking.insert(taken.row.key.clone());
                if !before.contains_key(&taken.row.key) {
                    absent.insert(taken.row.key.clone());
                }
            }
        }
        if lacking.len() == known {
            break;
        }
    }
}
