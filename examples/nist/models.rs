//! The 15 models. Each is one generic function, as the file of its data set states it.

use nilpotent::Real;

macro_rules! models {
    ($($Name:ident $function:ident,)*) => {
        /// A model `y = f(b, x)`, named after its data set.
        #[derive(Clone, Copy, Debug)]
        #[allow(clippy::upper_case_acronyms)]
        pub(crate) enum Model {
            $($Name,)*
        }

        impl Model {
            pub(crate) const ALL: &[Self] = &[$(Self::$Name),*];

            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$Name => stringify!($Name),)*
                }
            }

            /// The number of its parameters.
            pub(crate) fn parameters(self) -> usize {
                match self {
                    $(Self::$Name => count($function),)*
                }
            }

            /// `f(b, x)`.
            ///
            /// # Panics
            /// If `b` has not as many entries as the model has parameters.
            pub(crate) fn value<T: Real>(self, b: &[T], x: T) -> T {
                match self {
                    $(Self::$Name => $function(b.try_into().expect("one entry for each parameter"), x),)*
                }
            }
        }
    };
}

models! {
    Bennett5 bennett5,
    BoxBOD box_bod,
    Chwirut2 chwirut2,
    DanWood dan_wood,
    ENSO enso,
    Eckerle4 eckerle4,
    Gauss1 gauss1,
    Hahn1 hahn1,
    Kirby2 kirby2,
    Lanczos3 lanczos3,
    MGH09 mgh09,
    MGH17 mgh17,
    Misra1a misra1a,
    Roszman1 roszman1,
    Thurber thurber,
}

fn count<const N: usize>(_: fn([f64; N], f64) -> f64) -> usize {
    N
}

fn bennett5<T: Real>([b1, b2, b3]: [T; 3], x: T) -> T {
    b1 * (b2 + x).powf(-b3.recip())
}

fn box_bod<T: Real>([b1, b2]: [T; 2], x: T) -> T {
    b1 * (T::one() - (-b2 * x).exp())
}

fn chwirut2<T: Real>([b1, b2, b3]: [T; 3], x: T) -> T {
    (-b1 * x).exp() / (b2 + b3 * x)
}

fn dan_wood<T: Real>([b1, b2]: [T; 2], x: T) -> T {
    b1 * x.powf(b2)
}

/// Three cycles: one of a year, and two of unknown periods `b4` and `b7`.
fn enso<T: Real>([b1, b2, b3, b4, b5, b6, b7, b8, b9]: [T; 9], x: T) -> T {
    let cycle = |period, a, b| {
        let (sin, cos) = (T::TAU() * x / period).sin_cos();
        a * cos + b * sin
    };
    b1 + cycle(T::lit(12.0), b2, b3) + cycle(b4, b5, b6) + cycle(b7, b8, b9)
}

fn eckerle4<T: Real>([b1, b2, b3]: [T; 3], x: T) -> T {
    b1 / b2 * (T::lit(-0.5) * ((x - b3) / b2).powi(2)).exp()
}

fn gauss1<T: Real>([b1, b2, b3, b4, b5, b6, b7, b8]: [T; 8], x: T) -> T {
    let peak = |height, centre, width| height * (-((x - centre) / width).powi(2)).exp();
    b1 * (-b2 * x).exp() + peak(b3, b4, b5) + peak(b6, b7, b8)
}

fn hahn1<T: Real>([b1, b2, b3, b4, b5, b6, b7]: [T; 7], x: T) -> T {
    (b1 + b2 * x + b3 * x.powi(2) + b4 * x.powi(3)) / (T::one() + b5 * x + b6 * x.powi(2) + b7 * x.powi(3))
}

fn kirby2<T: Real>([b1, b2, b3, b4, b5]: [T; 5], x: T) -> T {
    (b1 + b2 * x + b3 * x.powi(2)) / (T::one() + b4 * x + b5 * x.powi(2))
}

fn lanczos3<T: Real>([b1, b2, b3, b4, b5, b6]: [T; 6], x: T) -> T {
    b1 * (-b2 * x).exp() + b3 * (-b4 * x).exp() + b5 * (-b6 * x).exp()
}

fn mgh09<T: Real>([b1, b2, b3, b4]: [T; 4], x: T) -> T {
    b1 * (x.powi(2) + x * b2) / (x.powi(2) + x * b3 + b4)
}

fn mgh17<T: Real>([b1, b2, b3, b4, b5]: [T; 5], x: T) -> T {
    b1 + b2 * (-x * b4).exp() + b3 * (-x * b5).exp()
}

fn misra1a<T: Real>([b1, b2]: [T; 2], x: T) -> T {
    b1 * (T::one() - (-b2 * x).exp())
}

fn roszman1<T: Real>([b1, b2, b3, b4]: [T; 4], x: T) -> T {
    b1 - b2 * x - (b3 / (x - b4)).atan() / T::PI()
}

fn thurber<T: Real>([b1, b2, b3, b4, b5, b6, b7]: [T; 7], x: T) -> T {
    hahn1([b1, b2, b3, b4, b5, b6, b7], x)
}
