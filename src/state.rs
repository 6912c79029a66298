//! Structs of users as points.

/// Makes points of references to a struct of your own, whose fields are the parts of a state or of parameters.
///
/// ```
/// use nalgebra::{Isometry3, Vector3};
/// use nilpotent::linalg;
///
/// #[derive(Clone, Debug)]
/// struct Body<T> {
///     pose: Isometry3<T>,
///     velocity: Vector3<T>,
///     mass: T,
/// }
///
/// nilpotent::point!(Body<T: Number> { pose: Isometry3<T>, velocity: Vector3<T>, mass: T });
///
/// let x = Body { pose: Isometry3::identity(), velocity: Vector3::x(), mass: 2.0 };
/// let energy = |x: Body<nilpotent::Dual<f64, 10>>| x.velocity.norm_squared() * x.mass * 0.5 + x.pose.translation.z * 9.8;
/// let (e, de) = linalg::gradient(energy, &x);
/// assert_eq!((e, de.len()), (1.0, 10));
/// assert_eq!((de[2], de[Body::columns().mass.start]), (9.8, 0.5));
/// assert_eq!((Body::columns().pose, Body::columns().velocity), (0..6, 6..9));
///
/// // A step along the gradient.
/// let y = linalg::boxplus(&x, &(-0.1 * de));
/// assert_eq!(y.mass, 1.95);
/// ```
///
/// The struct has one type parameter, without bounds or with bounds that follow from [`Real`](crate::Real), as nalgebra's
/// `Scalar` does. All its fields are listed. Each field is a [`Part`](crate::Part), such as another struct for which `point!`
/// was called. The order of the list is that of the columns. The bound that the macro gets, which need not be imported, decides
/// what is made:
///
/// | bound | parts | gradient, Hessian |
/// |---|---|---|
/// | `Real` | numbers, and arrays, `Vec`s, tuples and structs of them | `[T; N]`, `[[T; N]; N]` |
/// | `Number`, feature `nalgebra` | the types of nalgebra as well | `SVector<T, N>`, `SMatrix<T, N, N>` |
///
/// The derivatives of N variables take one pass, without heap. If a field is a `Vec` or has dynamic vectors, passes are made
/// for chunks of 8 variables, and gradients and Hessians are `Vec`s, or a `DVector` and a `DMatrix`.
///
/// The macro implements [`Scalars`](crate::Scalars), [`Part`](crate::Part) and [`Perturbed`](crate::Perturbed) for the struct,
/// and [`Point`](crate::Point) for references to it. The struct gets two functions, which return the ranges of columns by the
/// names of fields: `columns()`, constant and without a value, as above; and `ranges(&self)`, also where the numbers of
/// variables depend on the value.
///
/// `#[left]` before a field perturbs its groups from the left. Without fields, `point!(Direction<T: Number>)` makes points of
/// references to a type that is a part already.
#[macro_export]
macro_rules! point {
    ($Name:ident<$T:ident: Real> { $($fields:tt)+ }) => {
        $crate::point!(@part [$T: $crate::Real] [$crate::Real] $Name $T { $($fields)+ });
        $crate::point!($Name<$T: Real>);
    };
    ($Name:ident<$T:ident: Number> { $($fields:tt)+ }) => {
        $crate::point!(@part [$T: $crate::linalg::Number] [$crate::linalg::Number + From<$T>] $Name $T { $($fields)+ });
        $crate::point!($Name<$T: Number>);
    };
    ($Name:ident<$T:ident: Real>) => {
        $crate::__place!([$T: $crate::Real] [] $Name<$T>, $T, $crate::point!(@size $Name));
        $crate::__dimensioned!([$T: $crate::Real] $Name<$T>, $crate::point!(@size $Name));
    };
    ($Name:ident<$T:ident: Number>) => {
        $crate::__place!([$T: $crate::linalg::Number] [] $Name<$T>, $T, <$Name<$T> as $crate::bounds::Dimensioned>::Dim);
        $crate::__dimensioned!([$T: $crate::linalg::Number] $Name<$T>, $crate::point!(@size $Name));
    };
    // The number of variables, which does not depend on the type of the scalars.
    (@size $Name:ident) => {
        $crate::bounds::Size<
            { <$Name<f64> as $crate::Part>::SIZE.is_some() },
            { $crate::bounds::or_zero(<$Name<f64> as $crate::Part>::SIZE) },
        >
    };
    (@side $outer:ident) => { $outer };
    (@side $outer:ident left) => { $crate::Side::Left };
    (@part [$($param:tt)*] [$($Bound:tt)*] $Name:ident $T:ident {
        $($(#[$side:ident])? $field:ident: $Type:ty),+ $(,)?
    }) => {
        impl<$($param)*> $crate::Scalars for $Name<$T> {
            type T = $T;
            type Of<__U: $crate::Real> = $Name<__U>;

            #[inline]
            fn each<__U: $crate::Real>(&self, f: &mut impl FnMut($T) -> __U) -> $Name<__U> {
                $Name { $($field: $crate::Scalars::each(&self.$field, f)),+ }
            }
        }

        impl<$($param)*> $crate::Part for $Name<$T> {
            const SIZE: Option<usize> = $crate::bounds::total(&[$(<$Type as $crate::Part>::SIZE),+]);

            #[inline]
            fn variables(&self) -> usize {
                0 $(+ $crate::Part::variables(&self.$field))+
            }

            #[inline]
            fn minus(&self, x: &Self, side: $crate::Side, to: &mut impl FnMut($T)) {
                $($crate::Part::minus(&self.$field, &x.$field, $crate::point!(@side side $($side)?), to);)+
            }
        }

        impl<$($param)*, __D: $($Bound)*> $crate::Perturbed<__D> for $Name<$T> {
            #[inline]
            fn perturbed(&self, side: $crate::Side, seed: &mut impl FnMut(&mut __D, $T)) -> $Name<__D> {
                $Name { $($field: $crate::Perturbed::perturbed(&self.$field, $crate::point!(@side side $($side)?), seed)),+ }
            }
        }

        const _: () = {
            #[allow(dead_code)]
            type $T = f64;

            /// The columns of each part.
            #[derive(Clone, Debug, PartialEq, Eq)]
            pub struct PartColumns {
                $(
                    #[doc = concat!("The columns of `", stringify!($field), "`.")]
                    pub $field: ::core::ops::Range<usize>,
                )+
            }

            #[allow(dead_code)]
            impl $Name<f64> {
                /// The columns of each part, for parts of fixed size.
                ///
                /// # Panics
                /// If the number of variables of a part depends on its value.
                pub const fn columns() -> PartColumns {
                    let mut end = 0;
                    PartColumns { $($field: $crate::bounds::after(&mut end, <$Type as $crate::Part>::SIZE)),+ }
                }
            }

            #[allow(dead_code)]
            impl<$($param)*> $Name<$T> {
                /// The columns of each part of this value.
                pub fn ranges(&self) -> PartColumns {
                    let mut end = 0;
                    PartColumns { $($field: $crate::bounds::after(&mut end, Some($crate::Part::variables(&self.$field)))),+ }
                }
            }
        };
    };
}
