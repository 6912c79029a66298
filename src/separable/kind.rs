//! `Kind`: elements of one kind, with their variables, rows and data.

use super::element::{Element, Inputs, Quantity};
use super::loss::Loss;
use crate::error::{Error, length};
use crate::number::traced::Traced;
use crate::program::{Block, LANES, Points, Program, Programs, Set, record};
use alloc::vec;
use alloc::vec::Vec;
use core::array::from_fn;
use core::fmt;
use core::ops::Range;
use std::sync::OnceLock;

/// How the elements of a kind are computed. Values and derivatives of an element are the same bit for bit in all of these ways,
/// apart from the signs of derivatives that are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// As is usually faster. If there are at least 64 elements, these are in lanes: first derivatives with more than three
    /// partials, and second derivatives in more than one variable. All else is by forward mode.
    #[default]
    Auto,
    /// One element at a time, by numbers of forward mode.
    Forward,
    /// By recorded programs, in lanes. If the element cannot be recorded, because it converts a number into a plain float, it
    /// is computed by forward mode.
    Lanes,
}

/// Elements of one kind, with the variables of each: terms of a [`Function`](super::Function).
///
/// ```
/// use nilpotent::separable::{Element, Function, Kind};
/// use nilpotent::{Error, Real};
///
/// /// The distance of two points on a line from each other, less a measured one.
/// struct Distance;
///
/// impl Element<2, 1, 1> for Distance {
///     fn element<T: Real>(&self, [a, b]: [T; 2], [measured]: [T; 1]) -> [T; 1] {
///         [b - a - measured]
///     }
/// }
///
/// let kind = Kind::with_data(Distance, [[0, 1], [1, 2], [0, 2]], [[1.0], [1.0], [2.1]])?;
/// let residuals = Function::new(3).with(kind)?;
/// let mut values = [0.0; 3];
/// residuals.values_into(&[0.0, 1.5, 2.0], &mut values)?;
/// assert_eq!(values, [0.5, -0.5, -0.10000000000000009]);
/// # Ok::<(), Error>(())
/// ```
pub struct Kind<E, const K: usize, const M: usize, const D: usize> {
    element: E,
    variables: Vec<[u32; K]>,
    data: Vec<[f64; D]>,
    /// The row of each output, or `None` if each output has a row of its own.
    rows: Option<Vec<[u32; M]>>,
    weight: f64,
    loss: Loss,
    method: Method,
    set: Set,
    /// The programs of each quantity, once they are needed; `None` if the element cannot be recorded.
    programs: [OnceLock<Option<Programs<f64>>>; Quantity::COUNT],
}

impl<E, const K: usize, const M: usize, const D: usize> fmt::Debug for Kind<E, K, M, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kind")
            .field("elements", &self.variables.len())
            .field("weight", &self.weight)
            .field("loss", &self.loss)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

impl<E: Element<K, M>, const K: usize, const M: usize> Kind<E, K, M, 0> {
    /// Makes elements without data, from the indices of the variables of each.
    ///
    /// # Panics
    /// If an index is 2³² or more.
    pub fn new(element: E, variables: impl IntoIterator<Item = [usize; K]>) -> Self {
        let variables: Vec<_> = variables.into_iter().map(short).collect();
        Self::from_parts(element, vec![[]; variables.len()], variables)
    }
}

/// Indices of 32 bits, which take half the memory.
fn short<const N: usize>(indices: [usize; N]) -> [u32; N] {
    indices.map(|i| u32::try_from(i).unwrap_or_else(|_| panic!("the index {i} is not below 2³²")))
}

impl<E: Element<K, M, D>, const K: usize, const M: usize, const D: usize> Kind<E, K, M, D> {
    fn from_parts(element: E, data: Vec<[f64; D]>, variables: Vec<[u32; K]>) -> Self {
        let (loss, method, set, programs) = (Loss::Squared, Method::Auto, Set::best(), Default::default());
        Self { element, variables, data, rows: None, weight: 1.0, loss, method, set, programs }
    }

    /// Makes elements from the indices of the variables and the data of each.
    ///
    /// # Errors
    /// [`Error::WrongLength`] if there are not as many data as elements.
    ///
    /// # Panics
    /// If an index is 2³² or more.
    pub fn with_data(
        element: E,
        variables: impl IntoIterator<Item = [usize; K]>,
        data: impl IntoIterator<Item = [f64; D]>,
    ) -> Result<Self, Error> {
        let (variables, data): (Vec<_>, Vec<_>) =
            (variables.into_iter().map(short).collect(), data.into_iter().collect());
        length("data, one array for each element,", variables.len(), data.len())?;
        Ok(Self::from_parts(element, data, variables))
    }

    /// Adds all outputs to one row of the function, such as row 0 of a function that has only one value.
    #[must_use]
    pub fn to_row(self, row: usize) -> Self {
        let rows = vec![short([row; M]); self.variables.len()];
        Self { rows: Some(rows), ..self }
    }

    /// Adds each element's outputs to these rows of the function. Without this, each output is a new row.
    ///
    /// # Errors
    /// [`Error::WrongLength`] if there are not as many arrays of rows as elements.
    ///
    /// # Panics
    /// If an index is 2³² or more.
    pub fn to_rows(self, rows: impl IntoIterator<Item = [usize; M]>) -> Result<Self, Error> {
        let rows: Vec<_> = rows.into_iter().map(short).collect();
        length("rows, one array for each element,", self.variables.len(), rows.len())?;
        Ok(Self { rows: Some(rows), ..self })
    }

    /// Multiplies all outputs by this weight.
    #[must_use]
    pub fn weighted(self, weight: f64) -> Self {
        Self { weight, ..self }
    }

    /// Says how residuals count in a least squares problem: see
    /// [`Function::least_squares_into`](super::Function::least_squares_into).
    ///
    /// # Panics
    /// If the scale of the loss is not above 0, or not finite.
    #[must_use]
    pub fn with_loss(self, loss: Loss) -> Self {
        assert!(loss.scale() > 0.0 && loss.scale().is_finite(), "the scale of {loss:?} is not a finite number above 0");
        Self { loss, ..self }
    }

    /// Says how the elements are computed.
    #[must_use]
    pub fn by(self, method: Method) -> Self {
        Self { method, ..self }
    }

    /// Chooses the instruction set of lanes, for tests.
    #[doc(hidden)]
    #[must_use]
    pub fn with_set(self, set: Set) -> Self {
        Self { set, programs: Default::default(), ..self }
    }

    /// Whether lanes pay.
    fn is_in_lanes(&self, quantity: Quantity) -> bool {
        match self.method {
            Method::Forward => false,
            Method::Lanes => true,
            Method::Auto => {
                let pays = match quantity {
                    Quantity::Values => false,
                    Quantity::Jacobian | Quantity::Gradient => K * M > 3,
                    Quantity::Hessian | Quantity::Product => K > 1,
                };
                pays && self.variables.len() >= 64
            }
        }
    }

    /// What a quantity is computed from, of which the inputs of a program begin with the variables, then the weights and the
    /// direction if the quantity has them, and end with the data.
    fn unpacked<S: crate::Real>(quantity: Quantity, inputs: &[S]) -> Inputs<S, K, M, D> {
        let [weighted, directed] = quantity.inputs();
        let mut rest = inputs.iter().copied();
        let mut next = |is_there: bool| if is_there { rest.next().expect("an input") } else { S::zero() };
        Inputs {
            x: from_fn(|_| next(true)),
            weights: from_fn(|_| next(weighted)),
            direction: from_fn(|_| next(directed)),
            data: from_fn(|_| next(true)),
        }
    }

    fn record(&self, quantity: Quantity, inputs: &[f64]) -> Result<Program, Error> {
        let f = |inputs: &[Traced]| {
            let mut results = Vec::new();
            quantity.compute(&self.element, Self::unpacked(quantity, inputs), |y| results.push(y));
            results
        };
        record(f, inputs)
    }

    /// The inputs of element k.
    #[inline(always)]
    fn inputs(&self, quantity: Quantity, at: &At<'_>, k: usize) -> Inputs<f64, K, M, D> {
        let [weighted, directed] = quantity.inputs();
        Inputs {
            x: self.variables[k].map(|i| at.x[i as usize]),
            weights: if weighted { from_fn(|m| self.weight * at.weights[self.row(k, m)]) } else { [0.0; M] },
            direction: if directed { self.variables[k].map(|i| at.direction[i as usize]) } else { [0.0; K] },
            data: self.data[k],
        }
    }

    /// The row of output m of element k, counted from the first row of the kind.
    #[inline(always)]
    fn row(&self, k: usize, m: usize) -> usize {
        self.rows.as_ref().map_or(k * M + m, |rows| rows[k][m] as usize)
    }

    /// Computes elements by forward mode.
    #[inline(always)]
    fn one_by_one(&self, quantity: Quantity, at: &At<'_>, elements: Range<usize>, results: &mut [f64]) {
        for (k, results) in elements.zip(results.chunks_exact_mut(quantity.width(K, M).max(1))) {
            let mut results = results.iter_mut();
            quantity.compute(&self.element, self.inputs(quantity, at, k), |y| {
                *results.next().expect("as many results as the quantity has") = y;
            });
        }
    }

    /// Computes elements in lanes.
    fn in_lanes(&self, quantity: Quantity, at: &At<'_>, elements: Range<usize>, results: &mut [f64]) -> bool {
        let points = Gathered { kind: self, quantity, at: *at, first: elements.start };
        let programs = self.programs[quantity as usize].get_or_init(|| {
            let mut inputs = Vec::new();
            points.inputs(0, &mut inputs);
            let mut programs = Programs::new(self.record(quantity, &inputs).ok()?);
            programs.set_instructions(self.set);
            Some(programs)
        });
        let Some(programs) = programs else { return false };
        let live = |inputs: &[f64], result: &mut dyn FnMut(f64)| {
            quantity.compute(&self.element, Self::unpacked(quantity, inputs), result);
        };
        let record = |inputs: &[f64]| self.record(quantity, inputs);
        programs
            .run((record, live), elements.len(), &[], &points, results, &mut [])
            .expect("slices of the right lengths");
        true
    }
}

/// The inputs of elements, from the tables of their kind.
struct Gathered<'a, E, const K: usize, const M: usize, const D: usize> {
    kind: &'a Kind<E, K, M, D>,
    quantity: Quantity,
    at: At<'a>,
    first: usize,
}

impl<E, const K: usize, const M: usize, const D: usize> Points<f64> for Gathered<'_, E, K, M, D>
where
    E: Element<K, M, D>,
{
    fn inputs(&self, i: usize, inputs: &mut Vec<f64>) {
        let [weighted, directed] = self.quantity.inputs();
        let Inputs { x, weights, direction, data } = self.kind.inputs(self.quantity, &self.at, self.first + i);
        inputs.extend(x);
        inputs.extend(weights.iter().filter(|_| weighted));
        inputs.extend(direction.iter().filter(|_| directed));
        inputs.extend(data);
    }

    fn load(&self, _: Set, points: [usize; LANES], slots: &[Option<u32>], block: &mut Block<f64>) -> Result<(), Error> {
        let ([weighted, directed], At { x, weights, direction }) = (self.quantity.inputs(), self.at);
        let mut slots = slots.iter().copied();
        let mut next = || slots.next().flatten();
        let elements = points.map(|i| self.first + i);
        let variables = elements.map(|k| &self.kind.variables[k]);
        for j in 0..K {
            block.fill(next(), |l| x[variables[l][j] as usize]);
        }
        for m in 0..if weighted { M } else { 0 } {
            block.fill(next(), |l| self.kind.weight * weights[self.kind.row(elements[l], m)]);
        }
        for j in 0..if directed { K } else { 0 } {
            block.fill(next(), |l| direction[variables[l][j] as usize]);
        }
        let data = elements.map(|k| &self.kind.data[k][..]);
        (0..D).for_each(|d| block.fill(next(), |l| data[l][d]));
        Ok(())
    }
}

/// Where quantities are computed.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    pub(super) x: &'a [f64],
    /// The weights of rows, from the first one of the kind on.
    pub(super) weights: &'a [f64],
    pub(super) direction: &'a [f64],
}

impl<'a> At<'a> {
    /// A point, for quantities without weights and direction.
    pub(super) fn point(x: &'a [f64]) -> Self {
        Self { x, weights: &[], direction: &[] }
    }
}

/// A [`Kind`] of any element.
pub(super) trait Part: fmt::Debug + Send + Sync {
    /// The number of elements, of variables of each, and of outputs of each.
    fn shape(&self) -> [usize; 3];

    /// The variables of all elements, one element's after another's.
    fn variables(&self) -> &[u32];

    /// The rows of all outputs, one element's after another's, or `None` if each output has a row of its own.
    fn rows(&self) -> Option<&[u32]>;

    /// How the outputs count as residuals.
    fn loss(&self) -> Loss;

    /// Computes a quantity of some elements, one element's results after another's.
    fn compute(&self, quantity: Quantity, at: &At<'_>, elements: Range<usize>, results: &mut [f64]);
}

impl<E: Element<K, M, D>, const K: usize, const M: usize, const D: usize> Part for Kind<E, K, M, D> {
    fn shape(&self) -> [usize; 3] {
        [self.variables.len(), K, M]
    }

    fn variables(&self) -> &[u32] {
        self.variables.as_flattened()
    }

    fn rows(&self) -> Option<&[u32]> {
        self.rows.as_ref().map(|rows| rows.as_flattened())
    }

    fn loss(&self) -> Loss {
        self.loss
    }

    fn compute(&self, quantity: Quantity, at: &At<'_>, elements: Range<usize>, results: &mut [f64]) {
        if results.is_empty() {
            return;
        }
        if !(self.is_in_lanes(quantity) && self.in_lanes(quantity, at, elements.clone(), results)) {
            // A loop is compiled for each quantity.
            match quantity {
                Quantity::Values => self.one_by_one(Quantity::Values, at, elements, results),
                Quantity::Jacobian => self.one_by_one(Quantity::Jacobian, at, elements, results),
                Quantity::Gradient => self.one_by_one(Quantity::Gradient, at, elements, results),
                Quantity::Hessian => self.one_by_one(Quantity::Hessian, at, elements, results),
                Quantity::Product => self.one_by_one(Quantity::Product, at, elements, results),
            }
        }
        // Weights of rows include that of the kind.
        if self.weight != 1.0 && !quantity.inputs()[0] {
            results.iter_mut().for_each(|y| *y *= self.weight);
        }
    }
}
