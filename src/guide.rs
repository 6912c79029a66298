#![doc = "[dual numbers in a picture]: dual_numbers"]
#![doc = "[forward or reverse]: modes"]
#![doc = "[writing generic code]: generic_code"]
#![doc = "[higher orders and nesting]: higher_orders"]
#![doc = "[rules of your own]: own_rules"]
#![doc = "[functions from outside]: external"]
#![doc = "[your own types]: own_types"]
#![doc = "[solvers inside a function]: solvers"]
#![doc = "[in a solver]: recipes"]
#![doc = "[memory and checkpoints]: memory"]
#![cfg_attr(feature = "program", doc = "[programs]: programs")]
#![cfg_attr(
    not(feature = "program"),
    doc = "[programs]: https://docs.rs/nilpotent/latest/nilpotent/guide/programs/index.html"
)]
#![cfg_attr(feature = "sparse", doc = "[sparse derivatives]: sparse")]
#![cfg_attr(
    not(feature = "sparse"),
    doc = "[sparse derivatives]: https://docs.rs/nilpotent/latest/nilpotent/guide/sparse/index.html"
)]
#![cfg_attr(feature = "sparse", doc = "[separable functions]: separable")]
#![cfg_attr(
    not(feature = "sparse"),
    doc = "[separable functions]: https://docs.rs/nilpotent/latest/nilpotent/guide/separable/index.html"
)]
#![doc = "[when the compiler complains]: errors"]
#![doc = "[what is not supported]: limits"]
#![doc = "[conventions]: conventions"]
#![doc = "[nesting]: nesting"]
#![doc = ""]
#![doc = include_str!("../docs/guide/README.md")]

// Each Markdown page ends with link definitions for readers of the repository. The definitions before the page, which stand
// here, take precedence: they lead to the same pages and items in the documentation.

#[doc = "[forward or reverse]: crate::guide::modes"]
#[doc = "[writing generic code]: crate::guide::generic_code"]
#[doc = ""]
#[cfg_attr(feature = "std", doc = include_str!("../docs/guide/dual-numbers.md"))]
#[cfg_attr(not(feature = "std"), doc = "This page needs the feature `std`.")]
pub mod dual_numbers {}

#[doc = "[memory]: crate::guide::memory"]
#[doc = "[benchmarks]: https://docs.rs/crate/nilpotent/latest/source/docs/benchmarks.md"]
#[doc = "[own types]: crate::guide::own_types"]
#[doc = ""]
#[cfg_attr(feature = "std", doc = include_str!("../docs/guide/modes.md"))]
#[cfg_attr(not(feature = "std"), doc = "This page needs the feature `std`.")]
pub mod modes {}

#[doc = "[rules of your own]: crate::guide::own_rules"]
#[doc = "[compatibility]: https://docs.rs/crate/nilpotent/latest/source/docs/compatibility.md"]
#[doc = ""]
#[cfg_attr(feature = "std", doc = include_str!("../docs/guide/generic-code.md"))]
#[cfg_attr(not(feature = "std"), doc = "This page needs the feature `std`.")]
pub mod generic_code {}

#[doc = "[nesting]: crate::guide::nesting"]
#[doc = "[modes]: crate::guide::modes"]
#[doc = ""]
#[cfg_attr(feature = "std", doc = include_str!("../docs/guide/higher-orders.md"))]
#[cfg_attr(not(feature = "std"), doc = "This page needs the feature `std`.")]
pub mod higher_orders {}

#[doc = "[solvers]: crate::guide::solvers"]
#[doc = "[functions from outside]: crate::guide::external"]
#[doc = "[conventions]: crate::guide::conventions"]
#[doc = ""]
#[cfg_attr(feature = "std", doc = include_str!("../docs/guide/own-rules.md"))]
#[cfg_attr(not(feature = "std"), doc = "This page needs the feature `std`.")]
pub mod own_rules {}

#[doc = "[in a solver]: crate::guide::recipes"]
#[doc = "[rules of your own]: crate::guide::own_rules"]
#[doc = "[solvers]: crate::guide::solvers"]
#[doc = "[memory]: crate::guide::memory"]
#[doc = "[programs]: https://docs.rs/nilpotent/latest/nilpotent/guide/programs/index.html"]
#[doc = ""]
#[cfg_attr(feature = "std", doc = include_str!("../docs/guide/external.md"))]
#[cfg_attr(not(feature = "std"), doc = "This page needs the feature `std`.")]
pub mod external {}

#[doc = "[rules of your own]: crate::guide::own_rules"]
#[doc = ""]
#[cfg_attr(feature = "nalgebra", doc = include_str!("../docs/guide/solvers.md"))]
#[cfg_attr(not(feature = "nalgebra"), doc = "This page needs the feature `nalgebra`.")]
pub mod solvers {}

#[doc = "[nalgebra]: https://docs.rs/nilpotent/latest/nilpotent/guide/nalgebra/index.html"]
#[doc = ""]
#[cfg_attr(feature = "nalgebra", doc = include_str!("../docs/guide/own-types.md"))]
#[cfg_attr(not(feature = "nalgebra"), doc = "This page needs the feature `nalgebra`.")]
pub mod own_types {}

#[doc = "[forward or reverse]: crate::guide::modes"]
#[doc = "[sparse derivatives]: https://docs.rs/nilpotent/latest/nilpotent/guide/sparse/index.html"]
#[doc = "[separable functions]: https://docs.rs/nilpotent/latest/nilpotent/guide/separable/index.html"]
#[doc = ""]
#[doc = include_str!("../docs/guide/recipes.md")]
pub mod recipes {}

#[doc = "[forward or reverse]: crate::guide::modes"]
#[doc = "[rules of your own]: crate::guide::own_rules"]
#[doc = "[functions from outside]: crate::guide::external"]
#[doc = ""]
#[cfg_attr(feature = "std", doc = include_str!("../docs/guide/memory.md"))]
#[cfg_attr(not(feature = "std"), doc = "This page needs the feature `std`.")]
pub mod memory {}

#[cfg(feature = "program")]
#[doc = "[benchmarks]: https://docs.rs/crate/nilpotent/latest/source/docs/benchmarks.md"]
#[doc = "[conventions]: crate::guide::conventions"]
#[doc = "[what is not supported]: crate::guide::limits"]
#[doc = "[forward or reverse]: crate::guide::modes"]
#[doc = ""]
#[doc = include_str!("../docs/guide/programs.md")]
pub mod programs {}

#[cfg(feature = "sparse")]
#[doc = "[programs]: crate::guide::programs"]
#[doc = "[what is not supported]: crate::guide::limits"]
#[doc = ""]
#[doc = include_str!("../docs/guide/sparse.md")]
pub mod sparse {}

#[cfg(feature = "sparse")]
#[doc = "[program]: crate::guide::programs"]
#[doc = "[sparse derivatives]: crate::guide::sparse"]
#[doc = "[benchmarks]: https://docs.rs/crate/nilpotent/latest/source/docs/benchmarks.md"]
#[doc = ""]
#[doc = include_str!("../docs/guide/separable.md")]
pub mod separable {}

#[doc = "[writing generic code]: crate::guide::generic_code"]
#[doc = "[rules of your own]: crate::guide::own_rules"]
#[doc = "[nesting]: crate::guide::nesting"]
#[doc = ""]
#[cfg_attr(feature = "nalgebra", doc = include_str!("../docs/guide/errors.md"))]
#[cfg_attr(not(feature = "nalgebra"), doc = "This page needs the feature `nalgebra`.")]
pub mod errors {}

#[doc = "[conventions]: crate::guide::conventions"]
#[doc = "[compatibility]: https://docs.rs/crate/nilpotent/latest/source/docs/compatibility.md"]
#[doc = "[nalgebra]: https://docs.rs/nilpotent/latest/nilpotent/guide/nalgebra/index.html"]
#[doc = "[rules of your own]: crate::guide::own_rules"]
#[doc = "[functions from outside]: crate::guide::external"]
#[doc = "[own types]: https://docs.rs/nilpotent/latest/nilpotent/guide/own_types/index.html"]
#[doc = "[comparison]: https://docs.rs/crate/nilpotent/latest/source/docs/comparison.md"]
#[doc = "[programs]: https://docs.rs/nilpotent/latest/nilpotent/guide/programs/index.html"]
#[doc = "[sparse derivatives]: https://docs.rs/nilpotent/latest/nilpotent/guide/sparse/index.html"]
#[doc = "[separable functions]: https://docs.rs/nilpotent/latest/nilpotent/guide/separable/index.html"]
#[doc = ""]
#[doc = include_str!("../docs/guide/limits.md")]
pub mod limits {}

#[doc = include_str!("../docs/conventions.md")]
pub mod conventions {}

#[doc = include_str!("../docs/nesting.md")]
pub mod nesting {}

#[cfg(feature = "nalgebra")]
#[doc = include_str!("../docs/nalgebra.md")]
pub mod nalgebra {}
