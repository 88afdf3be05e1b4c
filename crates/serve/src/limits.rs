//! How much one peer may hold, so that another is still served.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex};

use crate::store::hold;

/// A number of places for each peer.
#[derive(Clone, Debug)]
pub(crate) struct PeerLimit {
    most: usize,
    taken: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
}

/// A place that a peer holds until it is dropped.
#[derive(Debug)]
pub(crate) struct PeerSlot {
    peer: IpAddr,
    taken: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
}

impl PeerLimit {
    /// So many places for each.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, taken: Arc::default() }
    }

    /// A place for a peer, if it does not hold all of its own.
    pub(crate) fn take(&self, peer: IpAddr) -> Option<PeerSlot> {
        let peer = one(peer);
        let mut taken = hold(&self.taken);
        let count = taken.entry(peer).or_insert(0);
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(PeerSlot { peer, taken: Arc::clone(&self.taken) })
    }
}

impl Drop for PeerSlot {
    fn drop(&mut self) {
        let mut taken = hold(&self.taken);
        if let Some(count) = taken.get_mut(&self.peer) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.peer);
            }
        }
    }
}

/// Who counts as one peer: an address; of IPv6 its network of 64 bits, which one machine can fill.
fn one(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_holds_its_own_places_and_gives_them_back() {
        let limit = PeerLimit::new(2);
        let of = |text: &str| limit.take(text.parse().unwrap());
        let (one, two) = (of("10.0.0.1").unwrap(), of("::ffff:10.0.0.1").unwrap());
        assert!(of("10.0.0.1").is_none());
        assert!(of("10.0.0.2").is_some(), "another is still served");
        drop(one);
        assert!(of("10.0.0.1").is_some());
        drop(two);
        let held = [of("2001:db8::1").unwrap(), of("2001:db8::2").unwrap()];
        assert!(of("2001:db8::3").is_none());
        drop(held);
        assert!(hold(&limit.taken).is_empty());
    }
}
