//! `Manifold`: variables that move on a curved space, such as the four coordinates of a rotation.

use crate::error::Error;
use crate::forward::{hessian, jacobian};
use crate::number::dual::Dual;
use crate::number::dual2::Dual2;
use crate::real::Real;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::TypeId;
use core::fmt;

/// A space of dimension L whose points have A coordinates, such as the unit quaternions (L = 3, A = 4).
///
/// Derivatives are taken along the tangent: a step δ ∈ ℝᴸ leads from x to `plus(x, δ)`, and derivatives of f(x) are those of
/// f(plus(x, δ)) in δ at δ = 0. So a block of A variables has L columns in gradients, Jacobians and Hessians.
///
/// ```
/// use nilpotent::separable::Manifold;
/// use nilpotent::Real;
///
/// /// A point of the unit circle, which a step turns by the angle δ.
/// struct Circle;
///
/// impl Manifold<2, 1> for Circle {
///     fn plus<T: Real>(&self, [x, y]: [T; 2], [angle]: [T; 1]) -> [T; 2] {
///         let (sin, cos) = angle.sin_cos();
///         [x * cos - y * sin, x * sin + y * cos]
///     }
/// }
/// ```
///
/// The tangent's columns are those of Ceres Solver's `Manifold`, and of Hertzberg et al., *Integrating generic sensor fusion
/// algorithms with sound state representations through encapsulation of manifolds* (2013).
pub trait Manifold<const A: usize, const L: usize>: Send + Sync + 'static {
    /// The point to which the step `delta` leads from `x`. It is `x` if `delta` is 0.
    fn plus<T: Real>(&self, x: [T; A], delta: [T; L]) -> [T; A];
}

/// Unit quaternions with the coordinates (x, y, z, w), of which w is the real part, as nalgebra stores them. A step is a
/// rotation vector in the frame of the body: `plus(q, δ) = q·exp(δ/2)`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quaternions;

impl Manifold<4, 3> for Quaternions {
    fn plus<T: Real>(&self, [x, y, z, w]: [T; 4], delta: [T; 3]) -> [T; 4] {
        let half = T::lit(0.5);
        let [a, b, c] = delta.map(|d| d * half);
        // The quaternion of a rotation vector by the series of its sine and cosine, whose derivatives at 0 exist: sin(t)/t and
        // cos(t) are functions of t².
        let square = a * a + b * b + c * c;
        let (sinc, cos) = if square < T::lit(1e-8) {
            // The next terms are below 1e-17.
            (T::one() - square / T::lit(6.0), T::one() - square * half)
        } else {
            let t = square.sqrt();
            (t.sin() / t, t.cos())
        };
        let [a, b, c] = [a * sinc, b * sinc, c * sinc];
        [
            w * a + x * cos + y * c - z * b,
            w * b - x * c + y * cos + z * a,
            w * c + x * b - y * a + z * cos,
            w * cos - x * a - y * b - z * c,
        ]
    }
}

/// A space of a single point: its A variables are kept as they are, and have no columns.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fixed;

impl<const A: usize> Manifold<A, 0> for Fixed {
    fn plus<T: Real>(&self, x: [T; A], []: [T; 0]) -> [T; A] {
        x
    }
}

/// A [`Manifold`] of any size, at one point.
pub(super) trait Chart: Send + Sync {
    /// The type of the manifold.
    fn manifold(&self) -> TypeId;

    fn plus(&self, x: &[f64], delta: &[f64], to: &mut [f64]);

    /// The derivatives of the A coordinates in the L components of a step at 0, one coordinate's after another's.
    fn jacobian(&self, x: &[f64], to: &mut [f64]);

    /// The second derivatives of the sum of the coordinates, each multiplied by its partial, of the lower triangle.
    fn curvature(&self, x: &[f64], partials: &[f64], to: &mut [f64]);
}

/// A manifold together with its sizes.
struct Sized<Z, const A: usize, const L: usize>(Z);

fn array<const N: usize>(x: &[f64]) -> [f64; N] {
    x.try_into().expect("as many numbers as coordinates")
}

impl<Z: Manifold<A, L>, const A: usize, const L: usize> Chart for Sized<Z, A, L> {
    fn manifold(&self) -> TypeId {
        TypeId::of::<Z>()
    }

    fn plus(&self, x: &[f64], delta: &[f64], to: &mut [f64]) {
        to.copy_from_slice(&self.0.plus::<f64>(array(x), array(delta)));
    }

    fn jacobian(&self, x: &[f64], to: &mut [f64]) {
        let x: [f64; A] = array(x);
        let (_, rows) = jacobian(|delta: [Dual<f64, L>; L]| self.0.plus(x.map(Dual::constant), delta), [0.0; L]);
        to.copy_from_slice(rows.as_flattened());
    }

    fn curvature(&self, x: &[f64], partials: &[f64], to: &mut [f64]) {
        let (x, partials): ([f64; A], [f64; A]) = (array(x), array(partials));
        let f = |delta: [Dual2<f64, L>; L]| {
            let y = self.0.plus(x.map(Dual2::constant), delta);
            y.into_iter().zip(partials).map(|(y, partial)| y * partial).sum::<Dual2<f64, L>>()
        };
        let (_, _, hessian) = hessian(f, [0.0; L]);
        let lower = hessian.iter().enumerate().flat_map(|(i, row)| &row[..=i]);
        to.iter_mut().zip(lower).for_each(|(to, &y)| *to = y);
    }
}

/// The variables of a manifold's point.
#[derive(Clone)]
struct Block {
    chart: Arc<dyn Chart>,
    /// The first variable, and the first column.
    start: usize,
    column: usize,
    /// A and L.
    sizes: [usize; 2],
    /// Where its derivatives start among those of all blocks.
    place: usize,
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { start, column, sizes: [coordinates, dimension], .. } = self;
        write!(f, "variables from {start}, columns from {column}: {coordinates} coordinates, {dimension} columns")
    }
}

/// The columns of variables, some of which are coordinates on manifolds.
#[derive(Clone, Debug, Default)]
pub(super) struct Tangent {
    blocks: Vec<Block>,
    pub(super) columns: usize,
    /// How many derivatives of coordinates in steps there are.
    derivatives: usize,
    /// Of each variable the column, or if it belongs to a block, the number of the block and the place in it.
    of: Vec<Result<u32, [u32; 2]>>,
}

/// How the arguments of an element depend on the steps in its columns, in memory that is used again for each element.
#[derive(Debug, Default)]
pub(super) struct Links {
    all: Vec<Link>,
    /// The blocks of the element, and the first column of each.
    blocks: Vec<(u32, usize)>,
    /// A Hessian that is multiplied by the links from one side.
    half: Vec<f64>,
}

/// That coordinate `argument` of an element depends on component `column` of its steps, with this derivative.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    argument: usize,
    column: usize,
    derivative: f64,
}

impl Tangent {
    /// All variables are on no manifold.
    pub(super) fn new(variables: usize) -> Self {
        let of = (0..variables as u32).map(Ok).collect();
        Self { columns: variables, of, ..Self::default() }
    }

    /// Puts the A variables from each start on a manifold.
    pub(super) fn put<Z: Manifold<A, L>, const A: usize, const L: usize>(
        &mut self,
        manifold: Z,
        starts: impl IntoIterator<Item = usize>,
    ) -> Result<(), Error> {
        const { assert!(A > 0, "a point on a manifold has at least one coordinate") };
        let chart: Arc<dyn Chart> = Arc::new(Sized(manifold));
        for (point, start) in starts.into_iter().enumerate() {
            let block = self.blocks.len() as u32;
            for i in 0..A {
                match self.of.get_mut(start + i) {
                    Some(of) if of.is_ok() => *of = Err([block, i as u32]),
                    Some(_) => return Err(Error::TwoManifolds { point, variable: start + i }),
                    None => {
                        let variables = self.of.len();
                        return Err(Error::NoSuchCoordinate { point, coordinate: i, index: start + i, variables });
                    }
                }
            }
            let sizes = [A, L];
            self.blocks.push(Block { chart: chart.clone(), start, column: 0, sizes, place: self.derivatives });
            self.derivatives += A * L;
        }
        // The columns, in the order of the variables.
        self.columns = 0;
        for of in &mut self.of {
            match of {
                Ok(column) => *column = self.columns as u32,
                Err([block, 0]) => self.blocks[*block as usize].column = self.columns,
                Err(_) => continue,
            }
            self.columns += of.as_ref().map_or_else(|[block, _]| self.blocks[*block as usize].sizes[1], |_| 1);
        }
        Ok(())
    }

    pub(super) fn variables(&self) -> usize {
        self.of.len()
    }

    /// Whether no variable is on a manifold.
    pub(super) fn is_flat(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The first variable that is on another manifold in the other tangent, or on another point of it.
    pub(super) fn difference(&self, other: &Self) -> Option<usize> {
        let point = |tangent: &Self, i: usize| {
            let [block, _] = tangent.of[i].err()?;
            let Block { chart, start, sizes: [_, dimension], .. } = &tangent.blocks[block as usize];
            // Where all is held, it does not matter how many variables one point has.
            Some((chart.manifold(), *dimension, if *dimension > 0 { *start } else { i }))
        };
        (0..self.variables()).find(|&i| point(self, i) != point(other, i))
    }

    /// The derivatives of all coordinates on manifolds in steps from x.
    pub(super) fn derivatives(&self, x: &[f64]) -> Vec<f64> {
        let mut derivatives = alloc::vec![0.0; self.derivatives];
        for Block { chart, start, sizes: [a, l], place, .. } in &self.blocks {
            chart.jacobian(&x[*start..][..*a], &mut derivatives[*place..][..a * l]);
        }
        derivatives
    }

    /// The columns of an element with these variables, of which each block has its own once.
    pub(super) fn columns(&self, variables: &[u32]) -> Vec<u32> {
        let mut columns = Vec::new();
        self.visit(variables, &mut Vec::new(), |_, first, column, _| {
            let new = columns.len() <= first;
            columns.extend(column.filter(|_| new));
        });
        columns
    }

    /// Finds the links of an element with these variables.
    pub(super) fn link(&self, derivatives: &[f64], variables: &[u32], Links { all, blocks, .. }: &mut Links) {
        all.clear();
        blocks.clear();
        self.visit(variables, blocks, |argument, first, columns, place| {
            for (l, _) in columns.enumerate() {
                let derivative = place.map_or(1.0, |place| derivatives[place + l]);
                all.push(Link { argument, column: first + l, derivative });
            }
        });
    }

    /// Calls `f` for each argument with the first of its columns among those of the element, with these columns in the whole
    /// function, and with the place of its derivatives if it is on a manifold.
    fn visit(
        &self,
        variables: &[u32],
        blocks: &mut Vec<(u32, usize)>,
        mut f: impl FnMut(usize, usize, core::ops::Range<u32>, Option<usize>),
    ) {
        let mut count = 0;
        for (argument, &i) in variables.iter().enumerate() {
            match self.of[i as usize] {
                Ok(column) => {
                    f(argument, count, column..column + 1, None);
                    count += 1;
                }
                Err([b, a]) => {
                    let Block { column, sizes: [_, dimension], place, .. } = self.blocks[b as usize];
                    let columns = column as u32..(column + dimension) as u32;
                    let first = blocks.iter().find(|(other, _)| *other == b).map(|&(_, first)| first);
                    f(argument, first.unwrap_or(count), columns, Some(place + a as usize * dimension));
                    if first.is_none() {
                        blocks.push((b, count));
                        count += dimension;
                    }
                }
            }
        }
    }

    /// Adds Pᵀ·g, the partials in steps of a function with these partials in the variables.
    pub(super) fn pull(&self, derivatives: &[f64], partials: &[f64], to: &mut [f64]) {
        self.each(derivatives, |i, column, derivative| to[column] += derivative * partials[i]);
    }

    /// Adds P·v, the direction of the variables on a step.
    pub(super) fn push(&self, derivatives: &[f64], step: &[f64], to: &mut [f64]) {
        self.each(derivatives, |i, column, derivative| to[i] += derivative * step[column]);
    }

    /// Calls `f` with each variable, each of its columns, and the derivative.
    fn each(&self, derivatives: &[f64], mut f: impl FnMut(usize, usize, f64)) {
        for (i, of) in self.of.iter().enumerate() {
            match *of {
                Ok(column) => f(i, column as usize, 1.0),
                Err([b, a]) => {
                    let Block { column, sizes: [_, dimension], place, .. } = self.blocks[b as usize];
                    for l in 0..dimension {
                        f(i, column + l, derivatives[place + a as usize * dimension + l]);
                    }
                }
            }
        }
    }

    /// The entries of the Hessian that come from the curvature of manifolds, of lower triangles.
    pub(super) fn curved(&self) -> impl Iterator<Item = [usize; 2]> + Clone {
        let lower = |block: &Block| {
            let (column, dimension) = (block.column, block.sizes[1]);
            (0..dimension).flat_map(move |i| (0..=i).map(move |j| [column + i, column + j]))
        };
        self.blocks.iter().flat_map(lower)
    }

    /// The values of these entries for a function with these partials in the variables.
    pub(super) fn curvatures(&self, x: &[f64], partials: &[f64]) -> Vec<f64> {
        let mut all = Vec::new();
        for Block { chart, start, sizes: [a, l], .. } in &self.blocks {
            let (first, range) = (all.len(), *start..start + a);
            all.resize(first + l * (l + 1) / 2, 0.0);
            chart.curvature(&x[range.clone()], &partials[range], &mut all[first..]);
        }
        all
    }

    /// The point to which a step leads.
    pub(super) fn plus(&self, x: &[f64], step: &[f64], to: &mut [f64]) {
        for (i, of) in self.of.iter().enumerate() {
            if let Ok(column) = of {
                to[i] = x[i] + step[*column as usize];
            }
        }
        for Block { chart, start, sizes: [a, l], column, .. } in &self.blocks {
            chart.plus(&x[*start..][..*a], &step[*column..][..*l], &mut to[*start..][..*a]);
        }
    }
}

/// Multiplies the rows of an element's Jacobian, which have a partial for each argument, by the links. The result has `columns`
/// partials in each row.
pub(super) fn project(Links { all, .. }: &Links, arguments: usize, rows: &[f64], columns: usize, to: &mut [f64]) {
    to.fill(0.0);
    for (row, to) in rows.chunks_exact(arguments.max(1)).zip(to.chunks_exact_mut(columns.max(1))) {
        all.iter().for_each(|link| to[link.column] += row[link.argument] * link.derivative);
    }
}

/// The same for the lower triangle of an element's Hessian, from both sides.
pub(super) fn project_both(
    Links { all, half, .. }: &mut Links,
    arguments: usize,
    hessian: &[f64],
    columns: usize,
    to: &mut [f64],
) {
    // First from the right.
    half.clear();
    half.resize(arguments * columns, 0.0);
    for link in &*all {
        for (i, row) in half.chunks_exact_mut(columns).enumerate() {
            let (most, least) = (i.max(link.argument), i.min(link.argument));
            row[link.column] += hessian[most * (most + 1) / 2 + least] * link.derivative;
        }
    }
    to.fill(0.0);
    for link in &*all {
        let to = &mut to[link.column * (link.column + 1) / 2..][..=link.column];
        to.iter_mut().zip(&half[link.argument * columns..]).for_each(|(to, y)| *to += link.derivative * y);
    }
}
