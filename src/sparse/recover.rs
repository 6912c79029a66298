//! Recovery: which number of a compressed derivative is which entry.
//!
//! A product with the seeds of the colors has one number for each line and color: for each matrix row the sum of its
//! entries in the columns of a color, and for each column the sum of its entries in the rows of a color. An entry occurs in
//! at most two of these sums. One that is alone in a sum is read off there. Then it is taken out of its other sum, in which
//! another entry may be alone now, and so on, breadth first. In star colorings and all colorings for direct recovery each
//! entry is alone in a sum at the start; in an acyclic coloring this takes the leaves away from the trees (Gebremedhin,
//! Tarafdar, Pothen & Walther, *Efficient computation of sparse Hessians using coloring and automatic differentiation*, 2009).

use super::color::Coloring;
use super::pattern::Pattern;
use crate::error::Error;
use alloc::collections::VecDeque;
use alloc::vec;
use alloc::vec::Vec;

/// What is read off in each pass, line after line: a line is a matrix row of a product with columns, and a column of a product
/// with rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Reads {
    /// Where the lines of each pass start.
    starts: Vec<usize>,
    /// The lines that have entries, and where these end.
    lines: Vec<[u32; 2]>,
    /// The position of each entry's value, and its color in the pass in the last bits. In 4 bytes they are read twice as fast
    /// as in a struct.
    entries: Vec<u32>,
}

/// How many bits the color in a pass takes.
const BITS: u32 = 3;

impl Reads {
    /// Sorts entries (line, color, position) into passes of `width` colors each.
    fn new(mut entries: Vec<(usize, usize, usize)>, count: usize, width: usize) -> Self {
        // Most entries come by lines, which the stable sort makes use of.
        entries.sort_by_key(|&(line, color, _)| (color / width, line));
        assert!(
            width <= 1 << BITS && entries.len() < 1 << (32 - BITS),
            "{} entries, of which there may be less than 2²⁹",
            entries.len()
        );
        let mut reads = Self { starts: vec![0], ..Self::default() };
        for pass in 0..count.div_ceil(width) {
            let end = entries.partition_point(|&(_, color, _)| color / width <= pass);
            for line in entries[reads.entries.len()..end].chunk_by(|a, b| a.0 == b.0) {
                reads
                    .entries
                    .extend(line.iter().map(|&(_, color, position)| ((position << BITS) | (color % width)) as u32));
                reads.lines.push([line[0].0 as u32, reads.entries.len() as u32]);
            }
            reads.starts.push(reads.lines.len());
        }
        reads
    }

    /// What is read off in one pass. A pass that is made for the value alone has nothing.
    pub(super) fn pass(&self, pass: usize) -> Pass<'_> {
        let lines = self.starts.get(pass..pass + 2).map_or(0..0, |ends| ends[0]..ends[1]);
        let start = lines.start.checked_sub(1).map_or(0, |before| self.lines[before][1]);
        Pass { lines: &self.lines[lines], start, entries: &self.entries }
    }
}

/// What is left to be read off in a pass.
pub(super) struct Pass<'r> {
    lines: &'r [[u32; 2]],
    start: u32,
    entries: &'r [u32],
}

impl Pass<'_> {
    /// Reads off the next line, if it is this one: `read(lane, position)`. Lines must be asked for in ascending order.
    #[inline]
    pub(super) fn read(&mut self, line: usize, mut read: impl FnMut(usize, usize)) {
        if let Some((&[_, end], rest)) = self.lines.split_first().filter(|([next, _], _)| *next as usize == line) {
            for &entry in &self.entries[self.start as usize..end as usize] {
                read((entry & ((1 << BITS) - 1)) as usize, (entry >> BITS) as usize);
            }
            (self.lines, self.start) = (rest, end);
        }
    }
}

/// How all entries are recovered.
#[derive(Clone, Debug)]
pub(super) struct Recovery {
    /// Entries in products with columns, and in products with rows.
    pub(super) forward: Reads,
    pub(super) reverse: Reads,
    /// Positions of values from which others are then subtracted, in this order.
    pub(super) differences: Vec<[usize; 2]>,
    /// Positions of values that are then copied from others.
    pub(super) copies: Vec<[usize; 2]>,
}

/// An entry, and the sums in which it occurs.
struct Unknown {
    /// The row and the column, for errors.
    place: (usize, usize),
    position: usize,
    sums: [Option<usize>; 2],
}

/// The sums of lines over colors: the line and the color of each.
type Sums = Vec<(usize, usize)>;

/// For each position the sum of its matrix row over the color of its column, if that has a color.
fn sums(pattern: &Pattern, columns: &Coloring, sums: &mut Sums) -> Vec<Option<usize>> {
    let mut last = vec![(usize::MAX, 0); columns.count];
    let mut sum = |(i, j)| {
        let color = columns.colors[j];
        let (line, sum) = last.get_mut(color as usize)?;
        if *line != i {
            (*line, *sum) = (i, sums.len());
            sums.push((i, color as usize));
        }
        Some(*sum)
    };
    pattern.entries().map(&mut sum).collect()
}

/// How many colors one pass takes by columns, and by rows.
pub(super) type Widths = [usize; 2];

impl Recovery {
    /// Recovery of a Jacobian from colors of its rows and of its columns.
    pub(super) fn jacobian(pattern: &Pattern, [rows, columns]: [&Coloring; 2], widths: Widths) -> Result<Self, Error> {
        let mut all = Sums::new();
        let forward = sums(pattern, columns, &mut all);
        let split = all.len();
        let (transposed, positions) = pattern.transposed();
        let mut reverse = vec![None; pattern.len()];
        for (position, sum) in positions.into_iter().zip(sums(&transposed, rows, &mut all)) {
            reverse[position] = sum;
        }
        let sums = forward.into_iter().zip(reverse);
        let unknown = |(position, (place, (forward, reverse)))| Unknown { place, position, sums: [forward, reverse] };
        let unknowns: Vec<_> = pattern.entries().zip(sums).enumerate().map(unknown).collect();
        Self::new(&unknowns, &all, split, [rows.count, columns.count], widths)
    }

    /// Recovery of a Hessian from colors of its columns.
    pub(super) fn hessian(pattern: &Pattern, columns: &Coloring, widths: Widths) -> Result<Self, Error> {
        let symmetric = pattern.symmetric()?;
        let mut all = Sums::new();
        let sums = sums(&symmetric, columns, &mut all);
        let (mut unknowns, mut copies) = (Vec::new(), Vec::new());
        let mirrors = symmetric.transposed().1;
        for (k, (i, j)) in symmetric.entries().enumerate().filter(|(_, (i, j))| i >= j) {
            let [lower, upper] = [pattern.position(i, j), pattern.position(j, i)];
            let position = lower.or(upper).expect("one of both is in the pattern");
            copies.extend(upper.filter(|&upper| upper != position).map(|upper| [upper, position]));
            let other = sums[mirrors[k]].filter(|_| i != j);
            unknowns.push(Unknown { place: (i, j), position, sums: [sums[k], other] });
        }
        let recovery = Self::new(&unknowns, &all, all.len(), [0, columns.count], widths)?;
        Ok(Self { copies, ..recovery })
    }

    /// The sums from `split` on are those of columns over colors of rows.
    fn new(unknowns: &[Unknown], sums: &Sums, split: usize, counts: [usize; 2], widths: Widths) -> Result<Self, Error> {
        // The unknowns of each sum, one sum after another.
        let mut starts = vec![0; sums.len() + 1];
        let occurrences =
            || unknowns.iter().enumerate().flat_map(|(e, u)| u.sums.into_iter().flatten().map(move |g| (e, g)));
        occurrences().for_each(|(_, g)| starts[g + 1] += 1);
        (0..sums.len()).for_each(|g| starts[g + 1] += starts[g]);
        let (mut members, mut next) = (vec![0; starts[sums.len()]], starts.clone());
        // How many unknowns of each sum are left, and the exclusive or of their indices: of a single one its index.
        let mut left = vec![(0_usize, 0_usize); sums.len()];
        for (e, g) in occurrences() {
            members[next[g]] = e;
            next[g] += 1;
            left[g] = (left[g].0 + 1, left[g].1 ^ e);
        }
        let mut single: VecDeque<usize> = (0..sums.len()).filter(|&g| left[g].0 == 1).collect();
        let (mut reads, mut differences) = ([Vec::new(), Vec::new()], Vec::new());
        let mut solved = vec![false; unknowns.len()];
        while let Some(g) = single.pop_front() {
            let (1, e) = left[g] else { continue };
            solved[e] = true;
            let (line, color) = sums[g];
            reads[usize::from(g >= split)].push((line, color, unknowns[e].position));
            let others = members[starts[g]..starts[g + 1]].iter().filter(|&&other| other != e);
            differences.extend(others.map(|&other| [unknowns[e].position, unknowns[other].position]));
            for h in unknowns[e].sums.into_iter().flatten() {
                left[h] = (left[h].0 - 1, left[h].1 ^ e);
                if left[h].0 == 1 {
                    single.push_back(h);
                }
            }
        }
        if let Some(e) = solved.iter().position(|&solved| !solved) {
            let (row, column) = unknowns[e].place;
            return Err(Error::NotRecoverable { row, column });
        }
        let [forward, reverse] = reads;
        Ok(Self {
            forward: Reads::new(forward, counts[1], widths[0]),
            reverse: Reads::new(reverse, counts[0], widths[1]),
            differences,
            copies: Vec::new(),
        })
    }
}
