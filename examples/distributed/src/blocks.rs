//! The blocks of the items, and the tree in which their sums are added.

use std::ops::Range;

/// The number of blocks, and so the largest number of ranks. It is a power of 2, and the same for all runs: another number
/// would be another order of additions.
pub const BLOCKS: usize = 256;

/// The items of a block.
pub fn items(block: usize, of: usize) -> Range<usize> {
    // The product of a large number of items and a block might not fit into 64 bits.
    let start = |block: usize| (of as u128 * block as u128 / BLOCKS as u128) as usize;
    start(block)..start(block + 1)
}

/// The blocks of a rank: neighbors, and at least one.
pub fn of_rank(rank: usize, ranks: usize) -> Range<usize> {
    BLOCKS * rank / ranks..BLOCKS * (rank + 1) / ranks
}

/// The sum of some blocks: a number, and a vector that is 0 outside of a range.
#[derive(Clone, Debug, Default)]
pub struct Part {
    pub value: f64,
    /// The index of the first entry that is there.
    pub start: usize,
    pub entries: Vec<f64>,
}

impl Part {
    fn add(&mut self, other: &Self) {
        self.value += other.value;
        if other.entries.is_empty() {
            return;
        }
        if self.entries.is_empty() {
            (self.start, self.entries) = (other.start, other.entries.clone());
            return;
        }
        let missing = self.start.saturating_sub(other.start);
        self.entries.splice(0..0, std::iter::repeat_n(0.0, missing));
        self.start -= missing;
        let place = other.start - self.start;
        self.entries.resize(self.entries.len().max(place + other.entries.len()), 0.0);
        self.entries[place..].iter_mut().zip(&other.entries).for_each(|(a, b)| *a += b);
    }
}

/// Sums of blocks in the order of the tree: whole subtrees, as large as the blocks that are there allow.
#[derive(Debug, Default)]
pub struct Subtrees {
    /// The first block, the number of blocks and the sum of each subtree, from left to right.
    roots: Vec<(usize, usize, Part)>,
}

impl Subtrees {
    /// Adds the sum of the subtree that begins at this block and has this number of blocks. Subtrees come from left to
    /// right.
    pub fn push(&mut self, start: usize, size: usize, part: Part) {
        self.roots.push((start, size, part));
        while let [.., (start, size, left), (_, other, right)] = &mut self.roots[..] {
            // Siblings are as large as each other, and the left one begins at a multiple of both.
            if size != other || *start % (2 * *size) != 0 {
                break;
            }
            *size *= 2;
            left.add(right);
            self.roots.pop();
        }
    }

    /// The first block, the number of blocks and the sum of each subtree.
    pub fn roots(&self) -> &[(usize, usize, Part)] {
        &self.roots
    }

    /// The first block and the number of blocks of each subtree of a rank.
    pub fn shape(rank: usize, ranks: usize) -> Vec<(usize, usize)> {
        let mut subtrees = Self::default();
        for block in of_rank(rank, ranks) {
            subtrees.push(block, 1, Part::default());
        }
        subtrees.roots.iter().map(|(start, size, _)| (*start, *size)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sum of vectors of three entries, of which each block has one, two or none.
    fn total(ranks: usize, values: &[f64]) -> Part {
        let mut all = Subtrees::default();
        for rank in 0..ranks {
            let mut own = Subtrees::default();
            for block in of_rank(rank, ranks) {
                let (start, length) = [(0, 2), (2, 1), (0, 0), (1, 2)][block % 4];
                own.push(block, 1, Part { value: values[block], start, entries: vec![values[block]; length] });
            }
            let shape: Vec<_> = own.roots().iter().map(|(start, size, _)| (*start, *size)).collect();
            assert_eq!(shape, Subtrees::shape(rank, ranks));
            for (start, size, sum) in own.roots {
                all.push(start, size, sum);
            }
        }
        assert_eq!(all.roots.len(), 1, "{ranks} ranks");
        all.roots.remove(0).2
    }

    /// The sum by levels of the tree, from the leaves up.
    fn by_levels(values: impl Iterator<Item = f64>) -> f64 {
        let mut level: Vec<f64> = values.collect();
        while level.len() > 1 {
            level = level.chunks(2).map(|pair| pair[0] + pair[1]).collect();
        }
        level[0]
    }

    /// The sum has the same bits for all numbers of ranks, and is not that of another order.
    #[test]
    fn the_sum_does_not_depend_on_the_ranks() {
        let values: Vec<f64> = (0..BLOCKS).map(|i| 0.1 + (i as f64).sin() * 10.0_f64.powi(i as i32 % 17)).collect();
        let entry = |blocks: &[usize]| {
            by_levels(values.iter().enumerate().map(|(k, &y)| if blocks.contains(&(k % 4)) { y } else { 0.0 }))
        };
        let (value, entries) = (by_levels(values.iter().copied()), [entry(&[0]), entry(&[0, 3]), entry(&[1, 3])]);
        for ranks in 1..=BLOCKS {
            let part = total(ranks, &values);
            assert_eq!((part.value, part.start, &part.entries[..]), (value, 0, &entries[..]), "{ranks} ranks");
        }
        assert_ne!(values.iter().sum::<f64>(), value);
    }

    #[test]
    fn blocks_hold_each_item_once() {
        for of in [0, 1, 255, 256, 1000, usize::MAX] {
            assert_eq!((items(0, of).start, items(BLOCKS - 1, of).end), (0, of));
            assert!((1..BLOCKS).all(|block| items(block - 1, of).end == items(block, of).start));
        }
        for ranks in 1..=BLOCKS {
            assert_eq!((of_rank(0, ranks).start, of_rank(ranks - 1, ranks).end), (0, BLOCKS));
            assert!((0..ranks).all(|rank| !of_rank(rank, ranks).is_empty()));
        }
    }
}
