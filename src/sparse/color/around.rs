//! What lies around each vertex: the colors of its neighbors, each with the star or tree of the edges to them.

use super::palette::NONE;
use alloc::vec;
use alloc::vec::Vec;

/// For each vertex the colors of its neighbors, each once, with a number.
///
/// All edges from a vertex to neighbors of one color lie in one star or one tree, which has this number. So an algorithm
/// looks at the colors around a vertex and not at its neighbors, of which there may be many more.
pub(super) struct Around {
    /// The first item of each vertex.
    first: Vec<u32>,
    items: Vec<Item>,
}

#[derive(Clone, Copy)]
struct Item {
    color: u32,
    part: u32,
    /// The next item of the same vertex.
    next: u32,
}

impl Around {
    pub(super) fn new(vertices: usize) -> Self {
        Self { first: vec![NONE; vertices], items: Vec::new() }
    }

    /// The colors around a vertex, with their numbers.
    pub(super) fn of(&self, vertex: usize) -> impl Iterator<Item = (u32, usize)> {
        let mut next = self.first[vertex];
        core::iter::from_fn(move || {
            let item = self.items.get(next as usize)?;
            next = item.next;
            Some((item.color, item.part as usize))
        })
    }

    /// The number of a color around a vertex.
    pub(super) fn find(&self, vertex: usize, color: u32) -> Option<usize> {
        self.of(vertex).find(|(other, _)| *other == color).map(|(_, part)| part)
    }

    /// Notes a color that was not around the vertex yet.
    pub(super) fn add(&mut self, vertex: usize, color: u32, part: usize) {
        self.items.push(Item { color, part: part as u32, next: self.first[vertex] });
        self.first[vertex] = (self.items.len() - 1) as u32;
    }
}
