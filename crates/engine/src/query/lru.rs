//! A memory of what was made lately, bounded in bytes: what was not asked for the longest goes first.
//!
//! Guarantees: what it holds never weighs more than its bound, and nothing that weighs more than all of it is held.
//!
//! Must not know: what it remembers.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The memory.
#[derive(Debug)]
pub(super) struct Lru<K, V> {
    most_bytes: usize,
    held: Mutex<Held<K, V>>,
}

#[derive(Debug)]
struct Held<K, V> {
    entries: HashMap<K, Entry<V>>,
    /// The keys by when they were last asked for.
    by_use: BTreeMap<u64, K>,
    bytes: usize,
    uses: u64,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    bytes: usize,
    used: u64,
}

impl<K: Clone + Eq + Hash, V: Clone> Lru<K, V> {
    pub(super) fn new(most_bytes: usize) -> Self {
        let held = Held { entries: HashMap::new(), by_use: BTreeMap::new(), bytes: 0, uses: 0 };
        Self { most_bytes, held: Mutex::new(held) }
    }

    /// What is remembered under a key.
    pub(super) fn get(&self, key: &K) -> Option<V> {
        let mut held = self.held();
        let held = &mut *held;
        let entry = held.entries.get_mut(key)?;
        held.uses += 1;
        if let Some(key) = held.by_use.remove(&entry.used) {
            held.by_use.insert(held.uses, key);
        }
        entry.used = held.uses;
        Some(entry.value.clone())
    }

    /// Remembers a value of this weight, in place of what was there.
    pub(super) fn put(&self, key: K, value: V, bytes: usize) {
        let mut held = self.held();
        held.forget(&key);
        if bytes > self.most_bytes {
            return;
        }
        while held.bytes + bytes > self.most_bytes {
            let Some((_, oldest)) = held.by_use.pop_first() else { break };
            held.forget(&oldest);
        }
        held.uses += 1;
        let used = held.uses;
        held.by_use.insert(used, key.clone());
        held.entries.insert(key, Entry { value, bytes, used });
        held.bytes += bytes;
    }

    fn held(&self) -> MutexGuard<'_, Held<K, V>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, V> Held<K, V> {
    fn forget(&mut self, key: &K) {
        if let Some(entry) = self.entries.remove(key) {
            self.by_use.remove(&entry.used);
            self.bytes -= entry.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_asked_for_the_longest_goes_first() {
        let lru = Lru::new(10);
        lru.put("a", 1, 4);
        lru.put("b", 2, 4);
        assert_eq!(lru.get(&"a"), Some(1));
        lru.put("c", 3, 4);
        assert_eq!((lru.get(&"a"), lru.get(&"b"), lru.get(&"c")), (Some(1), None, Some(3)));
        lru.put("d", 4, 10);
        assert_eq!((lru.get(&"a"), lru.get(&"c"), lru.get(&"d")), (None, None, Some(4)));
    }

    #[test]
    fn the_bound_is_never_passed() {
        let lru = Lru::new(10);
        for n in 0..100 {
            lru.put(n % 7, n, n % 12);
            let held = lru.held();
            assert!(held.bytes <= 10);
            assert_eq!(held.bytes, held.entries.values().map(|entry| entry.bytes).sum::<usize>());
            assert_eq!(held.by_use.len(), held.entries.len());
        }
        lru.put(99, 1, 11);
        assert_eq!(lru.get(&99), None);
    }

    #[test]
    fn a_value_takes_the_place_of_the_one_before() {
        let lru = Lru::new(10);
        lru.put("a", 1, 8);
        lru.put("a", 2, 9);
        assert_eq!(lru.get(&"a"), Some(2));
        lru.put("a", 3, 11);
        assert_eq!(lru.get(&"a"), None);
    }
}
