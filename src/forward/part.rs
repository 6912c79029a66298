//! Parts of a point: scalars, arrays, `Vec`s and tuples of them, nalgebra's types, and structs of users.

use super::passes::components;
use super::point::{Point, written};
use crate::real::Real;
use alloc::vec::Vec;
use core::ops::Range;

/// A type that consists of scalars, which can be mapped: a number, an array, `Vec` or tuple of such types, a type of nalgebra,
/// or a struct that [`point!`](crate::point) knows.
pub trait Scalars {
    /// The type of a scalar.
    type T;
    /// The same type with scalars `U`.
    type Of<U: Real>: 'static;

    /// Applies `f` to every scalar, in the order of columns.
    fn each<U: Real>(&self, f: &mut impl FnMut(Self::T) -> U) -> Self::Of<U>;
}

/// The side from which a perturbation δ acts on an element x of a group. Parts that are no groups ignore it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `x·exp(δ)`, the default: δ is in the frame of the body.
    Right,
    /// `exp(δ)·x`: δ is in the frame of the world. See `linalg::Left`.
    Left,
}

/// A part of a point: how many variables it has, and the difference of two values.
///
/// A step δ has one component for each variable. [`Perturbed`] takes the step `x ⊞ δ`, and `minus` finds it again: `x ⊞ (y ⊟
/// x) = y`. For scalars, arrays and vectors these are sum and difference, and for groups `x·exp(δ)` and `log(x⁻¹·y)`
/// ([`Side`]). The parts of arrays, `Vec`s, tuples and structs follow one another. See Hertzberg et al., *Integrating generic
/// sensor fusion algorithms with sound state representations through encapsulation of manifolds*, 2013, section 3.
///
/// [`point!`](crate::point) implements the traits for structs of parts. A part that is none, such as a direction with two
/// variables, implements [`Scalars`], `Part` and [`Perturbed`] by hand: see the guide's page about your own types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a part of a point",
    note = "parts are numbers, arrays, `Vec`s and tuples of parts, nalgebra's matrices, vectors, points, translations, rotations and isometries, and structs in `point!`"
)]
pub trait Part: Scalars<T: Real> {
    /// The number of variables, or `None` if it depends on the value.
    const SIZE: Option<usize>;

    /// Returns the number of variables.
    fn variables(&self) -> usize;

    /// Calls `to` with each component of the step δ that leads from `x` to `self`, which is `self ⊟ x`.
    fn minus(&self, x: &Self, side: Side, to: &mut impl FnMut(Self::T));
}

/// A [`Part`] whose scalars may be numbers `D`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a part of a point with numbers `{D}`",
    note = "the groups of nalgebra take every number that is a `linalg::Number`; all parts of a point have scalars of one type"
)]
pub trait Perturbed<D: Real>: Part {
    /// Returns the value `self ⊞ δ`, whose components `seed` writes, one call after another: `seed(number, x)` writes the
    /// component, or `x` plus the component where the step is a sum. `number` and, for groups, `x` are 0.
    fn perturbed(&self, side: Side, seed: &mut impl FnMut(&mut D, Self::T)) -> Self::Of<D>;
}

/// A [`Point`] that is a reference to a [`Part`].
pub trait Whole: Point {
    /// The type of the value.
    type Part: Part<T = Self::T> + ?Sized;
    /// The side from which groups are perturbed.
    const SIDE: Side;

    /// Returns the value.
    fn part(&self) -> &Self::Part;
}

/// Returns `x ⊞ δ`: the value to which the step δ leads from `x`.
///
/// The step has the type of a direction: a vector of nalgebra, or an array for a struct of plain numbers.
///
/// ```
/// use nalgebra::{UnitQuaternion, Vector3, vector};
/// use nilpotent::{boxminus, boxplus};
///
/// let x = (UnitQuaternion::from_euler_angles(0.1_f64, 0.2, 0.3), vector![1.0, 2.0, 3.0]);
/// let step = vector![0.0, 0.0, 0.5, 1.0, 1.0, 1.0];
/// let y = boxplus(&x, &step);
/// assert!((y.0.angle_to(&x.0) - 0.5).abs() < 1e-15);
/// assert_eq!(y.1, vector![2.0, 3.0, 4.0]);
/// assert!((boxminus(&y, &x) - step).norm() < 1e-15);
/// ```
///
/// # Panics
/// If the step has another number of components than `x` has variables.
pub fn boxplus<X: Whole<Part: Perturbed<X::T>>>(x: X, step: X::Direction) -> <X::Part as Scalars>::Of<X::T> {
    let mut step = components(&x, &step).iter();
    let mut next = || *step.next().expect("as many components as variables");
    x.part().perturbed(X::SIDE, &mut |number, x| *number = x + next())
}

/// Returns `y ⊟ x`: the step that leads from `x` to `y`, of type [`Point::Gradient`]. See [`boxplus`].
///
/// # Panics
/// If `x` and `y` have different lengths.
pub fn boxminus<X: Whole>(y: &X::Part, x: X) -> X::Gradient {
    let mut step = Vec::with_capacity(x.variables());
    y.minus(x.part(), X::SIDE, &mut |component| step.push(component));
    x.with_entries(&step)
}

/// Makes constants of floats, so that data can enter a function of numbers.
///
/// ```
/// use nalgebra::{matrix, vector};
/// use nilpotent::linalg;
///
/// let a = matrix![1.0, 2.0; 3.0, 4.0];
/// let (_, j) = linalg::jacobian(|x| linalg::lift(&a) * x, &vector![5.0, 6.0]);
/// assert_eq!(j, a);
/// ```
pub fn lift<X: Scalars + ?Sized, D: From<X::T> + Real>(x: &X) -> X::Of<D> {
    x.each(&mut <D as From<X::T>>::from)
}

/// The variables of a part whose scalars are the variables.
#[inline]
pub(crate) fn seeded_each<X: Scalars<T: Real>, D: Real>(x: &X, seed: &mut impl FnMut(&mut D, X::T)) -> X::Of<D> {
    x.each(&mut |x| written(|number| seed(number, x)))
}

impl<T: Real> Scalars for T {
    type T = T;
    type Of<U: Real> = U;

    #[inline]
    fn each<U: Real>(&self, f: &mut impl FnMut(T) -> U) -> U {
        f(*self)
    }
}

impl<T: Real> Part for T {
    const SIZE: Option<usize> = Some(1);

    #[inline]
    fn variables(&self) -> usize {
        1
    }

    #[inline]
    fn minus(&self, x: &Self, _: Side, to: &mut impl FnMut(T)) {
        to(*self - *x);
    }
}

impl<T: Real, D: Real> Perturbed<D> for T {
    #[inline]
    fn perturbed(&self, _: Side, seed: &mut impl FnMut(&mut D, T)) -> D {
        seeded_each(self, seed)
    }
}

impl<X: Scalars, const K: usize> Scalars for [X; K] {
    type T = X::T;
    type Of<U: Real> = [X::Of<U>; K];

    #[inline]
    fn each<U: Real>(&self, f: &mut impl FnMut(X::T) -> U) -> [X::Of<U>; K] {
        core::array::from_fn(|i| self[i].each(f))
    }
}

impl<X: Part, const K: usize> Part for [X; K] {
    const SIZE: Option<usize> = match X::SIZE {
        Some(size) => Some(size * K),
        None => None,
    };

    #[inline]
    fn variables(&self) -> usize {
        self.iter().map(Part::variables).sum()
    }

    #[inline]
    fn minus(&self, x: &Self, side: Side, to: &mut impl FnMut(X::T)) {
        self.iter().zip(x).for_each(|(y, x)| y.minus(x, side, to));
    }
}

impl<D: Real, X: Perturbed<D>, const K: usize> Perturbed<D> for [X; K] {
    #[inline]
    fn perturbed(&self, side: Side, seed: &mut impl FnMut(&mut D, X::T)) -> [X::Of<D>; K] {
        core::array::from_fn(|i| self[i].perturbed(side, seed))
    }
}

/// Implements the traits of parts for slices and `Vec`s, both of which become `Vec`s.
macro_rules! sequence {
    ($($Sequence:ty),*) => { $(
        impl<X: Scalars> Scalars for $Sequence {
            type T = X::T;
            type Of<U: Real> = Vec<X::Of<U>>;

            fn each<U: Real>(&self, f: &mut impl FnMut(X::T) -> U) -> Vec<X::Of<U>> {
                self.iter().map(|x| x.each(f)).collect()
            }
        }

        impl<X: Part> Part for $Sequence {
            const SIZE: Option<usize> = None;

            fn variables(&self) -> usize {
                self.iter().map(Part::variables).sum()
            }

            fn minus(&self, x: &Self, side: Side, to: &mut impl FnMut(X::T)) {
                let (n, m) = (self.len(), x.len());
                assert_eq!(n, m, "the difference of {n} parts and {m}");
                self.iter().zip(x).for_each(|(y, x)| y.minus(x, side, to));
            }
        }

        impl<D: Real, X: Perturbed<D>> Perturbed<D> for $Sequence {
            fn perturbed(&self, side: Side, seed: &mut impl FnMut(&mut D, X::T)) -> Vec<X::Of<D>> {
                self.iter().map(|x| x.perturbed(side, seed)).collect()
            }
        }
    )* };
}
sequence!([X], Vec<X>);

/// Returns the number of variables of several parts.
pub const fn total(sizes: &[Option<usize>]) -> Option<usize> {
    let (mut sum, mut i) = (0, 0);
    while i < sizes.len() {
        match sizes[i] {
            Some(size) => sum += size,
            None => return None,
        }
        i += 1;
    }
    Some(sum)
}

/// Returns the range of `size` columns that begins at `end`, and moves `end` behind it.
pub const fn after(end: &mut usize, size: Option<usize>) -> Range<usize> {
    let Some(size) = size else {
        panic!("the number of variables of a part depends on its value: call `ranges` on it");
    };
    let start = *end;
    *end += size;
    start..*end
}

/// Returns the size, or 0 if it depends on the value.
pub const fn or_zero(size: Option<usize>) -> usize {
    match size {
        Some(size) => size,
        None => 0,
    }
}

macro_rules! tuple {
    ($A:ident $a:tt $(, $B:ident $b:tt)*) => {
        impl<$A: Scalars $(, $B: Scalars<T = $A::T>)*> Scalars for ($A, $($B,)*) {
            type T = $A::T;
            type Of<U: Real> = ($A::Of<U>, $($B::Of<U>,)*);

            #[inline]
            fn each<U: Real>(&self, f: &mut impl FnMut($A::T) -> U) -> Self::Of<U> {
                (self.$a.each(f), $(self.$b.each(f),)*)
            }
        }

        impl<$A: Part $(, $B: Part<T = $A::T>)*> Part for ($A, $($B,)*) {
            const SIZE: Option<usize> = total(&[$A::SIZE $(, $B::SIZE)*]);

            #[inline]
            fn variables(&self) -> usize {
                self.$a.variables() $(+ self.$b.variables())*
            }

            #[inline]
            fn minus(&self, x: &Self, side: Side, to: &mut impl FnMut($A::T)) {
                self.$a.minus(&x.$a, side, to);
                $(self.$b.minus(&x.$b, side, to);)*
            }
        }

        impl<D: Real, $A: Perturbed<D> $(, $B: Perturbed<D, T = $A::T>)*> Perturbed<D> for ($A, $($B,)*) {
            #[inline]
            fn perturbed(&self, side: Side, seed: &mut impl FnMut(&mut D, $A::T)) -> Self::Of<D> {
                (self.$a.perturbed(side, seed), $(self.$b.perturbed(side, seed),)*)
            }
        }
    };
}
tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, E 3);
tuple!(A 0, B 1, C 2, E 3, F 4);
tuple!(A 0, B 1, C 2, E 3, F 4, G 5);
tuple!(A 0, B 1, C 2, E 3, F 4, G 5, H 6);
tuple!(A 0, B 1, C 2, E 3, F 4, G 5, H 6, I 7);
