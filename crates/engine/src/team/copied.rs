//! A computer that works with a copy of another one's file (an image of its disk, or a backup put back) is told by the chain
//! of its pushes. Both have one login and one device: their quarrels would be taken for edits of one. So this one becomes a
//! device of its own, by the login that both have.

use super::link::{answer, connect, put};
use super::notices::{self, Copied};
use crate::engine::Engine;
use crate::error::EngineError;
use mf_contract::Event;
use mf_domain::ids::DeviceId;
use mf_store::meta::Key;
use mf_sync::server::Line;
use mf_sync::{SyncError, members, replica};

impl Engine {
    /// Gets a login of its own and goes on with it.
    ///
    /// # Errors
    /// [`SyncError::Copied`] where the password follows from a passphrase, which nobody has given; when the server does not
    /// answer, and when the file cannot be written: then all of it is done again.
    pub(super) async fn become_another_device(&self, line: &mut Line) -> Result<(), EngineError> {
        let place = self.shared()?;
        if place.passphrase {
            return Err(SyncError::Copied.into());
        }
        tracing::warn!("this workspace is a copy of another computer's: it becomes a device of its own");
        let device = self.new_id::<DeviceId>();
        let login = members::login_of(device);
        let keeping = self.keeping(None).await?;
        let (password, verifier) = self.new_password(&login, &keeping).await?;
        if let Err(error) = answer(members::add_device(line, self.me(), device, &verifier)).await {
            self.forget_password(&login).await;
            return Err(error.into());
        }
        let place = place.with_login(login);
        let mut own = connect(&place.with_password(password)).await?;
        answer(members::rotate(&mut own, &verifier)).await?;
        let now = self.now();
        let mut write = self.store.write(now).await?;
        let stamped = replica::become_device(&mut write, device).await?;
        put(&mut write, Key::TeamPlace, &place).await?;
        notices::copied(&mut write, now, Copied::GoesOn).await?;
        write.commit().await?;
        tracing::info!(rows = stamped, "unsent changes are this device's now");
        // The other one's password stays in the keychain: on one computer both may share it.
        self.link.set_place(place);
        self.store.look_who_it_is().await?;
        *line = own;
        self.emit(Event::NotificationsChanged);
        Ok(())
    }
}
