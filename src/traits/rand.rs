//! rand and rand_distr: standard draws are constants. A distribution that is computed from them has pathwise
//! derivatives.
//!
//! `Open01` is left out on purpose. So those distributions do not compile that draw by rejection with parameters:
//! Gamma, χ², F, Student's t, Beta, PERT, Dirichlet. Whether they keep a draw depends on the parameters, and this part
//! of the derivative would be lost.

use core::fmt::Debug;

/// Draws numbers between two others. The value is drawn as its type does it, and the derivatives are interpolated in
/// proportion to the value.
#[derive(Clone, Copy, Debug)]
pub struct Between<X, S> {
    pub(crate) low: X,
    pub(crate) high: X,
    pub(crate) values: S,
}

macro_rules! draw {
    ($Number:ty, [$($params:tt)*], $Draw:ty) => {
        /// Draws a constant, from the same stream as the value type.
        impl<T: $crate::Real, $($params)*> ::rand::distr::Distribution<$Number> for $Draw
        where
            Self: ::rand::distr::Distribution<T>,
        {
            #[inline]
            fn sample<R: ::rand::Rng + ?Sized>(&self, rng: &mut R) -> $Number {
                <$Number>::constant(::rand::distr::Distribution::<T>::sample(self, rng))
            }
        }
    };
}
pub(crate) use draw;

macro_rules! rand {
    ($Number:ty, [$($params:tt)*]) => {
        $crate::traits::rand::draw!($Number, [$($params)*], ::rand::distr::StandardUniform);
        $crate::traits::rand::draw!($Number, [$($params)*], ::rand::distr::OpenClosed01);
        $crate::traits::rand::draw!($Number, [$($params)*], ::rand_distr::StandardNormal);
        $crate::traits::rand::draw!($Number, [$($params)*], ::rand_distr::Exp1);

        const _: () = {
            use $crate::traits::rand::Between;
            use ::rand::distr::uniform::{Error, SampleBorrow, SampleUniform, UniformSampler};

            impl<T: $crate::Real + SampleUniform, $($params)*> SampleUniform for $Number {
                type Sampler = Between<Self, T::Sampler>;
            }

            impl<T: $crate::Real + SampleUniform, $($params)*> Between<$Number, T::Sampler> {
                /// The number with this value. Its derivatives divide those of low and high in the same proportion as
                /// the value; they are those of low if both values are equal.
                fn at(low: $Number, high: $Number, value: T) -> $Number {
                    let (a, b) = ($crate::Real::float(low), $crate::Real::float(high));
                    let all = b - a;
                    let share = if num_traits::Zero::is_zero(&all) { all } else { ($crate::Real::float(value) - a) / all };
                    (low + $crate::Real::times(high - low, share)).shifted(value)
                }
            }

            impl<T: $crate::Real + SampleUniform, $($params)*> UniformSampler for Between<$Number, T::Sampler> {
                type X = $Number;

                fn new<A, B>(low: A, high: B) -> Result<Self, Error>
                where
                    A: SampleBorrow<$Number>,
                    B: SampleBorrow<$Number>,
                {
                    let (low, high) = (*low.borrow(), *high.borrow());
                    Ok(Self { low, high, values: T::Sampler::new(low.re, high.re)? })
                }

                fn new_inclusive<A, B>(low: A, high: B) -> Result<Self, Error>
                where
                    A: SampleBorrow<$Number>,
                    B: SampleBorrow<$Number>,
                {
                    let (low, high) = (*low.borrow(), *high.borrow());
                    Ok(Self { low, high, values: T::Sampler::new_inclusive(low.re, high.re)? })
                }

                fn sample<R: ::rand::Rng + ?Sized>(&self, rng: &mut R) -> $Number {
                    Self::at(self.low, self.high, self.values.sample(rng))
                }

                fn sample_single<R: ::rand::Rng + ?Sized, A, B>(low: A, high: B, rng: &mut R) -> Result<$Number, Error>
                where
                    A: SampleBorrow<$Number>,
                    B: SampleBorrow<$Number>,
                {
                    let (low, high) = (*low.borrow(), *high.borrow());
                    Ok(Self::at(low, high, T::Sampler::sample_single(low.re, high.re, rng)?))
                }

                fn sample_single_inclusive<R: ::rand::Rng + ?Sized, A, B>(
                    low: A,
                    high: B,
                    rng: &mut R,
                ) -> Result<$Number, Error>
                where
                    A: SampleBorrow<$Number>,
                    B: SampleBorrow<$Number>,
                {
                    let (low, high) = (*low.borrow(), *high.borrow());
                    Ok(Self::at(low, high, T::Sampler::sample_single_inclusive(low.re, high.re, rng)?))
                }
            }
        };
    };
}
pub(crate) use rand;
