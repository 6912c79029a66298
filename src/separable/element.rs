//! `Element`: a small function of a few variables, of which many make a separable function.

use crate::number::dual::Dual;
use crate::number::dual2::Dual2;
use crate::real::Real;
use core::array::from_fn;

/// A kind of elements: functions of K variables with M outputs, which differ in the D floats of their data.
///
/// The variables of an element are some of those of the whole function; a table says which. What all elements of the kind
/// have in common may be fields of the type.
///
/// ```
/// use nilpotent::separable::Element;
/// use nilpotent::Real;
///
/// /// The distance of two points of the plane, less a measured one. The variables are the coordinates of both points.
/// struct Distance;
///
/// impl Element<4, 1, 1> for Distance {
///     fn element<T: Real>(&self, [a, b, c, d]: [T; 4], [measured]: [T; 1]) -> [T; 1] {
///         [(a - c).hypot(b - d) - measured]
///     }
/// }
///
/// assert_eq!(Distance.element([0.0, 0.0, 3.0, 4.0], [4.5]), [0.5]);
/// ```
pub trait Element<const K: usize, const M: usize = 1, const D: usize = 0>: Send + Sync + 'static {
    /// The outputs of an element with these variables and data.
    fn element<T: Real>(&self, x: [T; K], data: [T; D]) -> [T; M];
}

/// What is computed of each element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity {
    /// The M outputs.
    Values,
    /// The outputs, and their partials, one output's K after another's.
    Jacobian,
    /// The K partials of the weighted sum of the outputs.
    Gradient,
    /// The second partials of the weighted sum, of the lower triangle, one matrix row's after another's.
    Hessian,
    /// The product of the weighted sum's Hessian and a direction.
    Product,
}

impl Quantity {
    /// All quantities, in their order.
    pub(super) const COUNT: usize = 5;

    /// How many results an element has.
    pub(super) fn width(self, variables: usize, outputs: usize) -> usize {
        match self {
            Self::Values => outputs,
            Self::Jacobian => outputs * (1 + variables),
            Self::Gradient | Self::Product => variables,
            Self::Hessian => variables * (variables + 1) / 2,
        }
    }

    /// Whether the weights of the outputs, and whether a direction, are inputs.
    pub(super) fn inputs(self) -> [bool; 2] {
        [!matches!(self, Self::Values | Self::Jacobian), self == Self::Product]
    }

    /// Computes this quantity of an element, and hands on each result.
    #[inline(always)]
    pub(super) fn compute<E, S, const K: usize, const M: usize, const D: usize>(
        self,
        element: &E,
        Inputs { x, data, weights, direction }: Inputs<S, K, M, D>,
        mut result: impl FnMut(S),
    ) where
        E: Element<K, M, D>,
        S: Real<Float = S>,
    {
        // Numbers are seeded here and not by drivers, whose loops over passes are not removed without link-time optimization.
        match self {
            Self::Values => element.element(x, data).into_iter().for_each(result),
            Self::Jacobian => {
                let y = element.element(from_fn(|i| Dual::variable(x[i], i)), data.map(Dual::<S, K>::constant));
                y.iter().for_each(|y| result(y.re));
                for y in y {
                    y.eps.into_iter().for_each(|partial| result(partial.grounded()));
                }
            }
            Self::Gradient => {
                let y: Dual<S, K> = weighted(element, from_fn(|i| Dual::variable(x[i], i)), data, weights);
                y.eps.into_iter().for_each(|partial| result(partial.grounded()));
            }
            Self::Hessian => {
                let y: Dual2<S, K> = weighted(element, from_fn(|i| Dual2::variable(x[i], i)), data, weights);
                for i in 0..K {
                    (0..=i).for_each(|j| result(y.hess[(i, j)].grounded()));
                }
            }
            Self::Product => {
                let along = |i: usize| Dual::variable(Dual::new(x[i], [direction[i]]), i);
                let y: Dual<Dual<S>, K> = weighted(element, from_fn(along), data, weights);
                y.eps.into_iter().for_each(|partial| result(partial.eps[0].grounded()));
            }
        }
    }
}

/// What a quantity of an element is computed from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inputs<S, const K: usize, const M: usize, const D: usize> {
    pub(super) x: [S; K],
    pub(super) data: [S; D],
    pub(super) weights: [S; M],
    pub(super) direction: [S; K],
}

/// The sum of the outputs, each multiplied by its weight.
#[inline(always)]
fn weighted<E, N, S, const K: usize, const M: usize, const D: usize>(
    element: &E,
    x: [N; K],
    data: [S; D],
    weights: [S; M],
) -> N
where
    E: Element<K, M, D>,
    N: Real<Float = S>,
    S: Real<Float = S>,
{
    let outputs = element.element(x, data.map(N::from_float));
    let terms = outputs.into_iter().zip(weights).map(|(y, weight)| y.times(weight));
    terms.reduce(|sum, term| sum + term).unwrap_or_else(N::zero)
}
