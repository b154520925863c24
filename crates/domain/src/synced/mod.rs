//! What a team shares: the tables, and a row of one as it travels. SQLite, the server and sync between them read the one list.

pub mod row;
pub mod table;
