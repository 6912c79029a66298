//! `Coloring`: a color for each vertex; and the choice of a color in a greedy algorithm.

use crate::sparse::pattern::Pattern;
use alloc::vec;
use alloc::vec::Vec;

/// A color for each column, or for each row, of a pattern.
///
/// Colors are numbered from 0. In a [`bidirectional`](super::bidirectional) coloring some columns and rows have none.
///
/// ```
/// use nilpotent::sparse::{Order, Pattern, color};
///
/// let coloring = color::columns(&Pattern::diagonal(3), Order::Natural);
/// assert_eq!((coloring.count(), coloring.color(2), coloring.groups()), (1, Some(0), vec![vec![0, 1, 2]]));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coloring {
    pub(crate) colors: Vec<u32>,
    pub(crate) count: usize,
}

/// In the place of a color: none.
pub(crate) const NONE: u32 = u32::MAX;

impl Coloring {
    /// Makes a coloring from colors that were found elsewhere. Each number below the largest one counts as a color, whether a
    /// vertex has it or not.
    ///
    /// ```
    /// use nilpotent::sparse::color::Coloring;
    ///
    /// let coloring = Coloring::new([Some(0), None, Some(1)]);
    /// assert_eq!((coloring.count(), coloring.len(), coloring.color(1)), (2, 3, None));
    /// ```
    ///
    /// # Panics
    /// If a color is `u32::MAX`.
    pub fn new(colors: impl IntoIterator<Item = Option<u32>>) -> Self {
        let number = |color: Option<u32>| {
            assert!(color != Some(NONE), "colors are numbered from 0, and {NONE} is too large");
            color.unwrap_or(NONE)
        };
        let colors: Vec<u32> = colors.into_iter().map(number).collect();
        let count = colors.iter().filter(|&&color| color != NONE).max().map_or(0, |&color| color as usize + 1);
        Self { colors, count }
    }

    /// No vertex has a color.
    pub(crate) fn none(vertices: usize) -> Self {
        Self { colors: vec![NONE; vertices], count: 0 }
    }

    /// The number of colors.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The number of vertices, with or without a color.
    pub fn len(&self) -> usize {
        self.colors.len()
    }

    /// Whether there is no vertex.
    pub fn is_empty(&self) -> bool {
        self.colors.is_empty()
    }

    /// The color of a vertex, or `None` if it has no color.
    ///
    /// # Panics
    /// If there is no such vertex.
    pub fn color(&self, vertex: usize) -> Option<usize> {
        Some(self.colors[vertex]).filter(|&color| color != NONE).map(|color| color as usize)
    }

    /// Returns the vertices of each color.
    pub fn groups(&self) -> Vec<Vec<usize>> {
        let mut groups = vec![Vec::new(); self.count];
        for (vertex, _) in self.colors.iter().enumerate() {
            if let Some(color) = self.color(vertex) {
                groups[color].push(vertex);
            }
        }
        groups
    }
}

/// The coloring of a greedy algorithm as far as it has come, and the colors that are forbidden for the present vertex.
pub(super) struct Palette {
    pub(super) colors: Vec<u32>,
    /// For each color the last vertex for which it was forbidden.
    forbidden: Vec<usize>,
}

impl Palette {
    pub(super) fn new(vertices: usize) -> Self {
        Self { colors: vec![NONE; vertices], forbidden: Vec::new() }
    }

    /// Forbids a color for v. It may be no color, that of a vertex without one.
    #[inline]
    pub(super) fn forbid(&mut self, v: usize, color: u32) {
        if let Some(forbidden) = self.forbidden.get_mut(color as usize) {
            *forbidden = v;
        }
    }

    /// Whether a color is forbidden for v.
    #[inline]
    pub(super) fn forbids(&self, v: usize, color: u32) -> bool {
        self.forbidden[color as usize] == v
    }

    /// The neighbors of v that are colored, with their colors.
    pub(super) fn colored(&self, pattern: &Pattern, v: usize) -> impl Iterator<Item = (usize, u32)> {
        let neighbors = pattern.row(v).iter().filter(move |&&w| w != v);
        neighbors.map(|&w| (w, self.colors[w])).filter(|&(_, color)| color != NONE)
    }

    /// Gives v the first color that is not forbidden, and returns it.
    #[inline]
    pub(super) fn choose(&mut self, v: usize) -> u32 {
        let free = self.forbidden.iter().position(|&forbidden| forbidden != v).unwrap_or(self.forbidden.len());
        if free == self.forbidden.len() {
            self.forbidden.push(usize::MAX);
        }
        self.colors[v] = free as u32;
        free as u32
    }

    pub(super) fn finish(self) -> Coloring {
        Coloring { colors: self.colors, count: self.forbidden.len() }
    }
}
