//! What people read: values in, text and charts out.

pub mod spatial;
